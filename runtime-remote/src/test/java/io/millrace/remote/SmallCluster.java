package io.millrace.remote;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One master and some executors in this JVM, and a client of theirs. */
final class SmallCluster implements AutoCloseable {
    private final Master master;
    private final List<Executor> executors = new ArrayList<>();
    private final Cluster client;

    SmallCluster(Path directory, String... machines) throws Exception {
        this(directory, config -> {}, machines);
    }

    /** Its executors share memory. */
    static SmallCluster withSharedMemory(Path directory, String... machines) throws Exception {
        return new SmallCluster(directory, config -> config.sharedMemory(directory.resolve("memory")), machines);
    }

    private SmallCluster(Path directory, Consumer<ExecutorConfig.Builder> more, String... machines) throws Exception {
        HostPort raft = new HostPort("127.0.0.1", freePort());
        master = Master.start(MasterConfig.builder("m1", directory.resolve("m1"))
                .address(new HostPort("127.0.0.1", 0))
                .raftAddress(raft)
                .electionTimeout(Duration.ofMillis(500))
                .build());
        List<HostPort> masters =
                List.of(new HostPort("127.0.0.1", master.address().getPort()));
        for (String machine : machines) {
            ExecutorConfig.Builder config = ExecutorConfig.builder(machine)
                    .masters(masters)
                    .address(new HostPort("127.0.0.1", 0))
                    .workingDirectory(directory.resolve(machine));
            more.accept(config);
            executors.add(Executor.start(config.build()));
        }
        for (Executor executor : executors) {
            executor.awaitRegistered(Duration.ofSeconds(60));
        }
        client = Cluster.connect(ClusterConfig.builder().masters(masters).build());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Cluster client() {
        return client;
    }

    Master master() {
        return master;
    }

    @Override
    public void close() {
        client.close();
        executors.forEach(Executor::close);
        master.close();
    }
}
