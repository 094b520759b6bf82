package io.millrace.remote.chaos;

import io.millrace.Dataflow;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.ClusterException;
import io.millrace.remote.Executor;
import io.millrace.remote.ExecutorConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.Job;
import io.millrace.remote.Master;
import io.millrace.remote.MasterConfig;
import io.millrace.runtime.StartOptions;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The main class of a member in a process of its own. Told by arguments {@code key=value} what it is; ends in order when it reads {@code close}, and at once when its
 * standard input ends, so that none outlives who started it. What others need to know it appends to a file, a line each with nanoseconds.
 */
final class Member {
    private static final long POLL_MS = 5;
    private static final Duration THREAD_PATIENCE = Duration.ofSeconds(5);
    private static final Duration JOB_PATIENCE = Duration.ofSeconds(40);

    private final Map<String, String> arguments = new HashMap<>();
    private final OutputStream told;
    private volatile boolean isEnding;

    private Member(String[] args) throws IOException {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            arguments.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        told = new FileOutputStream(argument("told"), true);
    }

    public static void main(String[] args) throws Exception {
        Member member = new Member(args);
        AutoCloseable running = member.start();
        StringBuilder line = new StringBuilder();
        for (int c = System.in.read(); c != '\n'; c = System.in.read()) {
            if (c < 0) {
                Runtime.getRuntime().halt(3);
            }
            line.append((char) c);
        }
        member.isEnding = true;
        running.close();
        long closedNs = System.nanoTime();
        while (!threads().isEmpty() && System.nanoTime() - closedNs < THREAD_PATIENCE.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS); // the last of them may be on its way out
        }
        member.tell("CLOSED " + line + " " + threads());
    }

    /** Threads of ours that are left though everything is closed. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace"))
                .map(name -> name.replace(' ', '_'))
                .collect(Collectors.toSet());
    }

    private String argument(String key) {
        String value = arguments.get(key);
        if (value == null) {
            throw new IllegalArgumentException("argument '" + key + "=' is missing, found " + arguments);
        }
        return value;
    }

    private synchronized void tell(String line) throws IOException {
        told.write((System.nanoTime() + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private AutoCloseable start() throws IOException {
        return switch (argument("role")) {
            case "master" -> master();
            case "executor" -> executor();
            case "client" -> client();
            default -> throw new IllegalArgumentException("no such role: " + arguments);
        };
    }

    private static HostPort address(String text) {
        return HostPort.parse(text, 0);
    }

    private List<HostPort> masters() {
        List<HostPort> masters = new ArrayList<>();
        for (String each : argument("masters").split(",")) {
            masters.add(address(each));
        }
        return masters;
    }

    private UnaryOperator<HostPort> route() {
        Map<HostPort, HostPort> routes = new HashMap<>();
        for (String each : argument("routes").split(",")) {
            String[] way = each.split(">");
            routes.put(address(way[0]), address(way[1]));
        }
        return to -> routes.getOrDefault(to, to);
    }

    private AutoCloseable master() throws IOException {
        List<MasterConfig.MasterPeer> peers = new ArrayList<>();
        for (String each : argument("peers").split(",")) {
            peers.add(MasterConfig.MasterPeer.parse(each));
        }
        Master master = Master.start(MasterConfig.builder(argument("name"), Path.of(argument("directory")))
                .address(address(argument("address")))
                .raftAddress(address(argument("raft")))
                .peers(peers)
                .electionTimeout(Times.ELECTION)
                .lease(Times.LEASE)
                .stopGrace(Times.STOP_GRACE)
                .drift(Times.DRIFT)
                .renewEvery(Times.RENEW)
                .build());
        tell("STARTED");
        daemon(() -> tellOfLeadership(master));
        return master;
    }

    private void tellOfLeadership(Master master) throws IOException, InterruptedException {
        boolean isLeading = false;
        while (!isEnding) {
            if (isLeading != master.isLeading()) {
                isLeading = !isLeading;
                tell(isLeading ? "LEADS" : "FOLLOWS");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }

    private AutoCloseable executor() throws IOException {
        Executor executor = Executor.start(ExecutorConfig.builder(argument("name"))
                .masters(masters())
                .address(address(argument("address")))
                .workingDirectory(Path.of(argument("directory")))
                .dropGrace(Duration.ofSeconds(1))
                .route(route())
                .build());
        tell("STARTED");
        return executor;
    }

    /** Has small jobs run, one after the other, and tells of each when it is acknowledged and how it ended. */
    private AutoCloseable client() throws IOException {
        Cluster cluster = Cluster.connect(ClusterConfig.builder()
                .name(argument("name"))
                .masters(masters())
                .route(route())
                .timeout(Duration.ofSeconds(20))
                .build());
        tell("STARTED");
        daemon(() -> submitOn(cluster));
        return cluster;
    }

    private void submitOn(Cluster cluster) throws IOException, InterruptedException {
        for (int number = 0; !isEnding; number++) {
            String name = "small-" + ProcessHandle.current().pid() + "-" + number;
            try {
                Job job = cluster.submit(Dataflow.parse(Flows.small(argument("traces"))), StartOptions.DEFAULT, name);
                tell("ACK " + job.id());
                tell("END " + job.id() + " " + outcome(cluster, job.id()));
            } catch (ClusterException | InvalidDataflowException e) {
                tell("REFUSED " + name + " " + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private String outcome(Cluster cluster, String id) throws InterruptedException {
        long beganNs = System.nanoTime();
        String last = "UNSEEN";
        while (!isEnding && System.nanoTime() - beganNs < JOB_PATIENCE.toNanos()) {
            try {
                Optional<Job> job = cluster.job(id);
                last = job.map(known -> known.state().name()).orElse("GONE");
                if (job.isEmpty() || job.get().state().isFinal()) {
                    return last;
                }
            } catch (ClusterException e) {
                last = "UNREACHABLE";
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return "STILL_" + last;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        if (!isEnding) {
                            throw new IllegalStateException(e);
                        }
                    }
                },
                "member");
        thread.setDaemon(true);
        thread.start();
    }
}
