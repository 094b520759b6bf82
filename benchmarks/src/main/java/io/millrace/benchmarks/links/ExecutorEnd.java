package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import io.millrace.remote.Executor;
import io.millrace.remote.ExecutorConfig;
import io.millrace.remote.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One executor, until its standard input ends. */
public final class ExecutorEnd {
    private ExecutorEnd() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        ExecutorConfig.Builder config = ExecutorConfig.builder(arguments.text("machine"))
                .masters(List.of(new HostPort("127.0.0.1", arguments.number("master"))))
                .address(new HostPort("127.0.0.1", 0))
                .workingDirectory(Path.of(arguments.text("directory")));
        if (arguments.has("memory")) {
            config.sharedMemory(Path.of(arguments.text("memory")));
        }
        if (arguments.has("tls")) {
            config.tls(Certificates.files(Path.of(arguments.text("tls"))));
        }
        try (Executor executor = Executor.start(config.build())) {
            executor.awaitRegistered(Duration.ofSeconds(60));
            Jvm.sayReady("ready");
            Jvm.awaitEndOfInput();
        }
    }
}
