package io.millrace.benchmarks.links;

import io.millrace.Dataflow;
import io.millrace.benchmarks.Arguments;
import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.Master;
import io.millrace.remote.MasterConfig;
import io.millrace.remote.testkit.FreePorts;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A dataflow on two executors in JVMs of their own, with the master and the client here. */
public final class ClusterRun {
    private ClusterRun() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        Path directory = Files.createTempDirectory("millrace-links");
        try {
            run(arguments, directory);
        } finally {
            delete(directory);
        }
    }

    private static void run(Arguments arguments, Path directory) throws Exception {
        MasterConfig.Builder config = MasterConfig.builder("m1", directory.resolve("m1"))
                .address(new HostPort("127.0.0.1", 0))
                .raftAddress(new FreePorts().next())
                .electionTimeout(Duration.ofMillis(500));
        ClusterConfig.Builder client = ClusterConfig.builder().name(Certificates.CLIENT);
        if (arguments.has("tls")) {
            config.tls(Certificates.files(Path.of(arguments.text("tls"))));
            client.tls(Certificates.files(Path.of(arguments.text("tls"))));
        }
        try (Master master = Master.start(config.build());
                Jvm a = executor("a", master, arguments, directory);
                Jvm b = executor("b", master, arguments, directory);
                Cluster cluster = Cluster.connect(client.masters(List.of(
                                new HostPort("127.0.0.1", master.address().getPort())))
                        .build())) {
            a.firstLine();
            b.firstLine();
            require(Dataflow.parse(Flows.of(arguments)).start(cluster).await(Duration.ofMinutes(3)));
        }
    }

    private static void require(DataflowResult result) {
        if (result.state() != DataflowState.FINISHED) {
            throw new IllegalStateException("the dataflow has not finished: " + result);
        }
    }

    private static Jvm executor(String machine, Master master, Arguments arguments, Path directory) throws IOException {
        Arguments its = arguments
                .with("machine", machine)
                .with("master", String.valueOf(master.address().getPort()))
                .with("directory", directory.resolve(machine).toString());
        return Jvm.start(ExecutorEnd.class, its);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
