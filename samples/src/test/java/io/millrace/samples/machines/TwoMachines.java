package io.millrace.samples.machines;

import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.Executor;
import io.millrace.remote.ExecutorConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.Master;
import io.millrace.remote.MasterConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A cluster of a master and two executors in this JVM, for samples that name two machines. */
public final class TwoMachines implements AutoCloseable {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final Cluster cluster;

    private TwoMachines(Path directory, List<String> machines) throws Exception {
        try {
            Master master = Master.start(MasterConfig.builder("master", directory.resolve("master"))
                    .address(new HostPort("127.0.0.1", 0))
                    .raftAddress(new HostPort("127.0.0.1", freePort()))
                    .build());
            closings.push(master::close);
            List<HostPort> masters =
                    List.of(new HostPort("127.0.0.1", master.address().getPort()));
            for (String machine : machines) {
                Executor executor = Executor.start(ExecutorConfig.builder(machine)
                        .masters(masters)
                        .address(new HostPort("127.0.0.1", 0))
                        .workingDirectory(directory.resolve(machine))
                        .build());
                closings.push(executor::close);
                executor.awaitRegistered(LONG_ENOUGH);
            }
            cluster = Cluster.connect(ClusterConfig.builder().masters(masters).build());
            closings.push(cluster::close);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** @param directory below which each keeps its own: an executor in the directory of its name */
    public static TwoMachines start(Path directory, String one, String other) throws Exception {
        return new TwoMachines(directory, List.of(one, other));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public Cluster cluster() {
        return cluster;
    }

    /** The client first, the master last. */
    @Override
    public void close() {
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }
}
