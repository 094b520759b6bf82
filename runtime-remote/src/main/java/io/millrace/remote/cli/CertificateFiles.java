package io.millrace.remote.cli;

import io.millrace.remote.link.TestAuthority;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Writes certificates into a directory, never over what is there. */
final class CertificateFiles {
    private final Path directory;

    CertificateFiles(Path directory) {
        this.directory = directory;
    }

    /** A file is in the way. */
    static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TakenException(String message) {
            super(message);
        }
    }

    /** @throws TakenException if one of them is there already */
    void requireFree(Collection<String> names) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new TakenException("'" + directory + "' is a file: expected a directory");
        }
        for (String name : names) {
            for (Path file : Set.of(certificate(name), key(name))) {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new TakenException("'" + file
                            + "' is there already, and is not overwritten: remove it, or choose another --dir");
                }
            }
        }
    }

    /** Keys so that their owner alone can read them, from the beginning. */
    void write(Map<String, TestAuthority.Certificate> certificates) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, TestAuthority.Certificate> made : certificates.entrySet()) {
            write(key(made.getKey()), made.getValue().key(), "rw-------");
            write(certificate(made.getKey()), made.getValue().chain(), "rw-r--r--");
        }
    }

    private Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    private Path key(String name) {
        return directory.resolve(name + "-key.pem");
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(
                        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
                var writer = Channels.newWriter(channel, StandardCharsets.US_ASCII)) {
            writer.write(text.endsWith("\n") ? text : text + "\n");
        }
    }
}
