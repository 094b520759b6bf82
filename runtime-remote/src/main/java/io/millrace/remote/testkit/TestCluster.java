package io.millrace.remote.testkit;

import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.Executor;
import io.millrace.remote.ExecutorConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.Master;
import io.millrace.remote.MasterConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster in this JVM, for tests: masters, executors and a client on ports of their own, with short leases, and a network between them that can be cut, slowed,
 * reordered and healed. Its data is below one directory, which it deletes if it has made it. Any thread; close it.
 *
 * <pre>{@code
 * try (TestCluster cluster = TestCluster.builder().masters(3).executors("a", "b").start();
 *         RunningDataflow running = Dataflow.parse(text).start(cluster.client())) {
 *     cluster.kill(cluster.awaitLeader().name());
 *     cluster.cut("a", "b");
 *     ...
 * }
 * }</pre>
 *
 * Masters are called {@code m1}, {@code m2} and so on, the client {@value #CLIENT}, executors as they were named.
 */
public final class TestCluster implements AutoCloseable {
    /** The client's name, for {@link #cut} and its like. */
    public static final String CLIENT = "client";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MS = 10;

    private final Builder values;
    private final Path directory;
    private final boolean ownsDirectory;
    private final FaultyNetwork network = new FaultyNetwork();
    private final Map<String, MasterPlace> masterPlaces = new LinkedHashMap<>();
    private final Map<String, HostPort> executorPlaces = new LinkedHashMap<>();
    private final Map<String, Master> masters = new ConcurrentHashMap<>();
    private final Map<String, Executor> executors = new ConcurrentHashMap<>();
    private @Nullable Cluster client;

    private record MasterPlace(HostPort address, HostPort raftAddress) {}

    private TestCluster(Builder values) {
        this.values = values;
        ownsDirectory = values.directory == null;
        directory = values.directory == null ? temporaryDirectory() : values.directory;
        FreePorts ports = new FreePorts();
        for (int i = 1; i <= values.masters; i++) {
            MasterPlace place = new MasterPlace(ports.next(), ports.next());
            masterPlaces.put("m" + i, place);
            network.add("m" + i, place.address());
            network.add("m" + i, place.raftAddress());
        }
        for (String machine : values.labels.keySet()) {
            HostPort place = ports.next();
            executorPlaces.put(machine, place);
            network.add(machine, place);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("millrace-test-cluster");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory can be made: " + e.getMessage(), e);
        }
    }

    /** One master and no executor, unless said. */
    public static Builder builder() {
        return new Builder();
    }

    private void begin() {
        try {
            masterPlaces.keySet().forEach(this::startMaster);
            client = Cluster.connect(ClusterConfig.builder()
                    .masters(masterAddresses())
                    .route(to -> network.route(CLIENT, to))
                    .build());
            executorPlaces.keySet().forEach(this::startExecutor);
            awaitLeader();
            for (Executor executor : executors.values()) {
                executor.awaitRegistered(PATIENCE);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the cluster started", e);
        } catch (TimeoutException e) {
            close();
            throw new IllegalStateException("an executor was not registered within " + PATIENCE, e);
        }
    }

    private void startMaster(String name) {
        MasterPlace place = Objects.requireNonNull(masterPlaces.get(name), name);
        MasterConfig.Builder config = MasterConfig.builder(name, directory.resolve(name))
                .address(place.address())
                .raftAddress(place.raftAddress())
                .lease(values.lease)
                .linkTimeout(values.linkTimeout)
                .stopGrace(values.lease.dividedBy(4))
                .renewEvery(values.lease.dividedBy(8))
                .electionTimeout(values.lease.dividedBy(4))
                .drift(values.lease.dividedBy(4).plusMillis(1500).plus(values.lease.dividedBy(8)));
        if (masterPlaces.size() > 1) {
            config.peers(peersOf(name));
        }
        masters.put(name, Master.start(config.build()));
    }

    /** Each master reaches the others by ways of its own. */
    private List<MasterConfig.MasterPeer> peersOf(String name) {
        List<MasterConfig.MasterPeer> peers = new ArrayList<>();
        masterPlaces.forEach((peer, place) -> peers.add(
                new MasterConfig.MasterPeer(peer, place.address(), network.route(name, place.raftAddress()))));
        return peers;
    }

    private void startExecutor(String machine) {
        ExecutorConfig.Builder config = ExecutorConfig.builder(machine)
                .masters(masterAddresses())
                .address(Objects.requireNonNull(executorPlaces.get(machine), machine))
                .labels(values.labels.getOrDefault(machine, Map.of()))
                .workingDirectory(directory.resolve(machine))
                .dropGrace(Duration.ofMillis(500))
                .route(to -> network.route(machine, to));
        if (values.sharesMemory) {
            config.sharedMemory(directory.resolve("memory"));
        }
        if (values.classLoader != null) {
            config.classLoader(values.classLoader);
        }
        executors.put(machine, Executor.start(config.build()));
    }

    private List<HostPort> masterAddresses() {
        return masterPlaces.values().stream().map(MasterPlace::address).toList();
    }

    /** A client of the cluster, which is closed with it. */
    public Cluster client() {
        Cluster connected = client;
        if (connected == null) {
            throw new IllegalStateException("the cluster has not been started");
        }
        return connected;
    }

    /** @throws IllegalArgumentException if there is none of that name, or it is killed at the moment */
    public Master master(String name) {
        return running(masters, "master", name);
    }

    /** @throws IllegalArgumentException if there is none of that name, or it is killed at the moment */
    public Executor executor(String machineId) {
        return running(executors, "executor", machineId);
    }

    private static <T> T running(Map<String, T> members, String what, String name) {
        T member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no " + what + " '" + name + "' runs here; there are "
                    + members.keySet().stream().sorted().toList());
        }
        return member;
    }

    /** Where the members' data is: a directory for each, of its name. */
    public Path directory() {
        return directory;
    }

    /** What lies between the members, for more than is offered here. */
    public FaultyNetwork network() {
        return network;
    }

    /** Resets what is open between two members, and refuses what is new. Does not wait for what they make of it. */
    public void cut(String x, String y) {
        network.cut(x, y);
    }

    /** Lets not more than this pass between two members, each way of each connection. */
    public void slow(String x, String y, long bytesPerSecond) {
        network.slow(x, y, bytesPerSecond);
    }

    /**
     * Holds what passes between two members for a time by chance, each way of each connection by itself, so that what goes by different connections comes in another order.
     *
     * @param longest for which something is held
     */
    public void reorder(String x, String y, Duration longest) {
        network.reorder(x, y, longest);
    }

    /** Undoes {@link #cut}, {@link #slow} and {@link #reorder} of these two. */
    public void heal(String x, String y) {
        network.heal(x, y);
    }

    /**
     * Stops a master or an executor without a farewell: the others hear nothing of it any more before it stops. What it has stored stays. Blocks for some seconds.
     *
     * @throws IllegalArgumentException if none of that name runs
     */
    public void kill(String name) {
        Master master = masters.remove(name);
        AutoCloseable member = master != null ? master : running(executors, "member", name);
        executors.remove(name);
        network.isolate(name);
        close(member);
    }

    /**
     * Starts a killed master or executor on what it has stored, at the same address. Does not wait until the others know it.
     *
     * @throws IllegalArgumentException if there was none of that name, or it runs
     */
    public void restart(String name) {
        boolean isMaster = masterPlaces.containsKey(name);
        if (!isMaster && !executorPlaces.containsKey(name)
                || masters.containsKey(name)
                || executors.containsKey(name)) {
            throw new IllegalArgumentException("no member '" + name + "' has been killed");
        }
        network.rejoin(name);
        if (isMaster) {
            startMaster(name);
        } else {
            startExecutor(name);
        }
    }

    /**
     * Waits until a master leads.
     *
     * @throws IllegalStateException if none does within a minute, or the thread is interrupted
     */
    public Master awaitLeader() {
        long beganNs = System.nanoTime();
        while (System.nanoTime() - beganNs < PATIENCE.toNanos()) {
            Optional<Master> leader = leader();
            if (leader.isPresent()) {
                return leader.get();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while no master leads", e);
            }
        }
        throw new IllegalStateException("no master leads within " + PATIENCE + "; there are " + masters.values());
    }

    /** The leading master, if one that runs leads: two may believe so for as long as an election takes, then it is that of which others say so. */
    private Optional<Master> leader() {
        List<Master> leading =
                masters.values().stream().filter(Master::isLeading).toList();
        return leading.size() == 1
                ? Optional.of(leading.get(0))
                : leading.stream()
                        .filter(master -> masters.values().stream()
                                .filter(other -> other != master)
                                .anyMatch(other -> other.leader().equals(Optional.of(master.name()))))
                        .findFirst();
    }

    /** Ends the client, executors and masters, and deletes the directory if it is the cluster's own. Blocks for some seconds; idempotent. */
    @Override
    public void close() {
        Cluster connected = client;
        if (connected != null) {
            connected.close();
        }
        closeAll(executors);
        closeAll(masters);
        network.close();
        if (ownsDirectory) {
            delete(directory);
        }
    }

    private static void closeAll(Map<String, ? extends AutoCloseable> members) {
        for (String name : List.copyOf(members.keySet())) {
            AutoCloseable member = members.remove(name);
            if (member != null) {
                close(member);
            }
        }
    }

    private static void close(AutoCloseable member) {
        try {
            member.close();
        } catch (Exception e) { // neither a master's nor an executor's throws a checked one
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + directory + "' cannot be deleted: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "test cluster of masters " + masterPlaces.keySet() + " and executors " + executorPlaces.keySet()
                + " in '" + directory + "'";
    }

    /** Not safe to share between threads. */
    public static final class Builder {
        private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);
        private static final int MOST_MASTERS = 9;

        private int masters = 1;
        private final Map<String, Map<String, String>> labels = new LinkedHashMap<>();
        private Duration lease = Duration.ofSeconds(4);
        private Duration linkTimeout = Duration.ofSeconds(30);
        private @Nullable Path directory;
        private @Nullable ClassLoader classLoader;
        private boolean sharesMemory;

        private Builder() {}

        /** @throws IllegalArgumentException if there are none, or more than nine */
        public Builder masters(int count) {
            if (count < 1 || count > MOST_MASTERS) {
                throw new IllegalArgumentException(
                        "a test cluster has 1 to " + MOST_MASTERS + " masters, found " + count);
            }
            masters = count;
            return this;
        }

        /** Executors without labels. */
        public Builder executors(String... machineIds) {
            for (String machine : machineIds) {
                executor(machine, Map.of());
            }
            return this;
        }

        /** @throws IllegalArgumentException if the name is taken, as {@code m1} and {@value TestCluster#CLIENT} are */
        public Builder executor(String machineId, Map<String, String> offered) {
            if (machineId.equals(CLIENT) || machineId.matches("m[1-9]") || labels.containsKey(machineId)) {
                throw new IllegalArgumentException(
                        "another member is called '" + machineId + "' already: give the executor another name");
            }
            labels.put(machineId, Map.copyOf(offered));
            return this;
        }

        /**
         * How long executors go on without a leading master: 4 s unless said. All other times follow from it: an executor is lost to the masters after about 1.9 times as
         * long, and without a leader another is elected after a quarter of it.
         *
         * @throws IllegalArgumentException if it is shorter than three seconds
         */
        public Builder lease(Duration value) {
            if (value.compareTo(SHORTEST_LEASE) < 0) {
                throw new IllegalArgumentException("a lease must be at least " + SHORTEST_LEASE + ", found " + value);
            }
            lease = value;
            return this;
        }

        /**
         * How long a link between executors may be down before its edges are closed: 30 s unless said.
         *
         * @throws IllegalArgumentException if it is shorter than a millisecond
         */
        public Builder linkTimeout(Duration value) {
            if (value.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("a link timeout must be a millisecond or more, found " + value);
            }
            linkTimeout = value;
            return this;
        }

        /** Where data is kept, also after the cluster is closed; a temporary one unless said. */
        public Builder directory(Path kept) {
            directory = kept.toAbsolutePath();
            return this;
        }

        /** Where executors find the classes of nodes: the context class loader of whoever starts them, unless said. */
        public Builder classLoader(ClassLoader loader) {
            classLoader = loader;
            return this;
        }

        /** Has executors share memory, below the cluster's directory, for edges between them; else these go over links, which the network between the members can cut. */
        public Builder shareMemory() {
            sharesMemory = true;
            return this;
        }

        /**
         * Starts all members, and waits until one master leads and all executors are registered: some seconds.
         *
         * @throws IllegalStateException if that takes more than a minute
         */
        public TestCluster start() {
            TestCluster cluster = new TestCluster(copy());
            cluster.begin();
            return cluster;
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.masters = masters;
            copy.labels.putAll(labels);
            copy.lease = lease;
            copy.linkTimeout = linkTimeout;
            copy.directory = directory;
            copy.classLoader = classLoader;
            copy.sharesMemory = sharesMemory;
            return copy;
        }
    }
}
