package io.millrace.remote.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the cluster that {@code millrace up} starts keeps everything. */
final class HomeOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "${env:MILLRACE_HOME}",
            description =
                    "Where data, logs and process numbers are kept. Default: the variable MILLRACE_HOME, else .millrace in the user's home directory.")
    private @Nullable Path directory;

    Path directory() {
        return directory == null || directory.toString().isEmpty()
                ? Path.of(System.getProperty("user.home"), ".millrace").toAbsolutePath()
                : directory.toAbsolutePath().normalize();
    }

    BackgroundProcess master() {
        return new BackgroundProcess("master", directory());
    }

    BackgroundProcess executor() {
        return new BackgroundProcess("executor", directory());
    }

    /** What is done while no other command starts or stops the same. */
    @FunctionalInterface
    interface Body {
        int run() throws IOException, InterruptedException;
    }

    /** @throws IOException also if another command is at work there */
    int locked(Body body) throws IOException, InterruptedException {
        Files.createDirectories(directory());
        try (FileChannel channel =
                FileChannel.open(directory().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null) {
                throw new IOException("another 'millrace up' or 'millrace down' is at work in '" + directory() + "'");
            }
            return body.run();
        }
    }
}
