package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.ClusterException;
import io.millrace.remote.ExecutorStatus;
import io.millrace.remote.HostPort;
import io.millrace.remote.wire.Durations;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = {
            "Starts a cluster on this machine: a master and an executor in the background, reachable from this machine only.",
            "What runs already is left alone; what was killed is started again, with what it knew."
        },
        footer = {
            "",
            "Exit code: 0 both run, and the executor is registered; 1 they do not, and the end of the log says why."
        })
final class UpCommand implements Callable<Integer> {
    private static final long BETWEEN_LOOKS_MS = 100;
    private static final Duration ONE_ANSWER = Duration.ofSeconds(2);
    private static final String NOBODY = "";

    private final Console console;

    @Mixin
    private final HomeOption home = new HomeOption();

    @Option(
            names = "--machine-id",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "What dataflow files name the executor by. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String machineId;

    @Option(
            names = "--master-addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfMaster.class,
            defaultValue = "127.0.0.1",
            description = "Where the master listens. Default: ${DEFAULT-VALUE}:" + Addresses.MASTER_PORT + ".")
    @SuppressWarnings("NullAway.Init")
    private HostPort masterAddress;

    @Option(
            names = "--raft-addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfRaft.class,
            defaultValue = "127.0.0.1",
            description = "Where its log listens. Default: ${DEFAULT-VALUE}:" + Addresses.RAFT_PORT + ".")
    @SuppressWarnings("NullAway.Init")
    private HostPort raftAddress;

    @Option(
            names = "--executor-addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfLinks.class,
            defaultValue = "127.0.0.1",
            description = "Where the executor accepts links. Default: ${DEFAULT-VALUE}:" + Addresses.LINK_PORT + ".")
    @SuppressWarnings("NullAway.Init")
    private HostPort executorAddress;

    @Mixin
    private final ClassPathOption classPath = new ClassPathOption();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description = "How long to wait until the executor is registered. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration timeout;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(false);
        try {
            return home.locked(this::up);
        } catch (IOException e) {
            return complaint().tell(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private int up() throws IOException, InterruptedException {
        Member master = new Member(home.master(), new Place(masterAddress.toString(), ""), masterArguments());
        Member executor =
                new Member(home.executor(), new Place(executorAddress.toString(), machineId), executorArguments());
        if (!master.isAlive() && isTaken(masterAddress)) {
            int code = complaint()
                    .tell(
                            ExitCode.FAILED,
                            "at " + masterAddress + " listens somebody who is not the master of '" + home.directory()
                                    + "'");
            console.err().println("hint: --master-addr, --raft-addr and --executor-addr say where else");
            return code;
        }
        for (Member member : List.of(master, executor)) {
            Optional<Place> elsewhere = member.elsewhere();
            if (elsewhere.isPresent()) {
                return refuse(member, elsewhere.get());
            }
        }
        Optional<String> wrong = awaitRegistered(master, executor);
        if (wrong.isPresent()) {
            return confess(wrong.get(), master.isAlive() ? executor.process : master.process);
        }
        tell(master.handle(), executor.handle());
        return ExitCode.OK;
    }

    private Complaint complaint() {
        return new Complaint(console, json);
    }

    private int refuse(Member member, Place elsewhere) {
        int code = complaint()
                .tell(
                        ExitCode.FAILED,
                        "the " + member.process.name() + " of '" + home.directory() + "' runs already, and listens "
                                + elsewhere.words() + ", not " + member.place.words());
        console.err()
                .println(
                        "hint: say " + Printable.line(elsewhere.options()) + ", or end it with 'millrace down' before");
        return code;
    }

    private static boolean isTaken(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) ONE_ANSWER.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** One of the two. What was killed a moment ago may still be found alive, and is started then when it is gone. */
    private static final class Member {
        private final BackgroundProcess process;
        private final Place place;
        private final List<String> arguments;
        private Optional<ProcessHandle> handle;
        private boolean isStartedHere;

        Member(BackgroundProcess process, Place place, List<String> arguments) throws IOException {
            this.process = process;
            this.place = place;
            this.arguments = arguments;
            handle = process.find();
        }

        boolean isAlive() {
            return handle.filter(ProcessHandle::isAlive).isPresent();
        }

        /** Where it runs, if that is not where it is to run. */
        Optional<Place> elsewhere() throws IOException {
            return isAlive()
                    ? process.place().map(Place::parse).filter(other -> !other.equals(place))
                    : Optional.empty();
        }

        /** Once. */
        boolean isToBeStarted() {
            return !isAlive() && !isStartedHere;
        }

        void start() throws IOException {
            isStartedHere = true;
            handle = Optional.of(process.start(place.toString(), arguments));
        }

        ProcessHandle handle() {
            return handle.orElseThrow();
        }
    }

    private List<String> masterArguments() {
        return List.of(
                "master",
                "--addr",
                masterAddress.toString(),
                "--raft-addr",
                raftAddress.toString(),
                "--data-dir",
                masterData().toString());
    }

    private Path masterData() {
        return home.directory().resolve("master");
    }

    private List<String> executorArguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "executor",
                "--machine-id",
                machineId,
                "--join",
                masterAddress.toString(),
                "--addr",
                executorAddress.toString(),
                "--working-dir",
                home.directory().resolve("executor").toString()));
        List<String> entries = new ArrayList<>();
        for (URL entry : classPath.entries(Optional.ofNullable(System.getenv(ClassPathOption.VARIABLE)))) {
            entries.add(path(entry).toString());
        }
        if (!entries.isEmpty()) {
            arguments.addAll(List.of("--class-path", String.join(File.pathSeparator, entries)));
        }
        return arguments;
    }

    private static Path path(URL entry) {
        try {
            return Path.of(entry.toURI()).toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("made of a path", e);
        }
    }

    /** @return why it is not, if that is so */
    private Optional<String> awaitRegistered(Member master, Member executor) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + Durations.nanos(timeout);
        boolean isNew = !Files.exists(masterData());
        String former = NOBODY; // whom the masters still knew when the executor was started here
        ClusterConfig config = ClusterConfig.builder()
                .masters(List.of(masterAddress))
                .timeout(ONE_ANSWER)
                .build();
        try (Cluster cluster = Cluster.connect(config)) {
            while (System.nanoTime() - deadlineNs < 0) {
                if (master.isToBeStarted()) {
                    master.start();
                } else if (!master.isAlive()) {
                    return Optional.of("the master has ended");
                }
                if (executor.isToBeStarted()) {
                    Optional<String> before = isNew ? Optional.of(NOBODY) : joined(cluster);
                    former = before.orElse(former);
                    if (before.isPresent()) {
                        executor.start();
                    }
                } else if (!executor.isAlive()) {
                    return Optional.of("the executor has ended");
                } else if (isAnother(joined(cluster), former) && master.isAlive() && executor.isAlive()) {
                    return Optional.empty();
                }
                Thread.sleep(BETWEEN_LOOKS_MS);
            }
        }
        return Optional.of("the executor is not registered after " + Units.elapsed(timeout));
    }

    /** The executor's instance, or {@link #NOBODY}; empty where no master leads yet. */
    private Optional<String> joined(Cluster cluster) {
        try {
            return Optional.of(cluster.executors().stream()
                    .filter(executor -> executor.machineId().equals(machineId)
                            && executor.condition() == ExecutorStatus.Condition.JOINED)
                    .map(ExecutorStatus::instance)
                    .findFirst()
                    .orElse(NOBODY));
        } catch (ClusterException e) {
            return Optional.empty();
        }
    }

    private static boolean isAnother(Optional<String> joined, String former) {
        return joined.isPresent()
                && !joined.get().equals(NOBODY)
                && !joined.get().equals(former);
    }

    private int confess(String wrong, BackgroundProcess guilty) throws IOException {
        console.err().println("error: " + wrong + ": the end of '" + guilty.log() + "' is");
        guilty.lastWords().forEach(line -> console.err().println("  " + Printable.line(line)));
        console.err().println("hint: 'millrace down' ends what still runs");
        return complaint().tellPrograms(ExitCode.FAILED, wrong + ": see the end of '" + guilty.log() + "'");
    }

    private void tell(ProcessHandle master, ProcessHandle executor) {
        if (json) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("directory", home.directory().toString());
            told.put("master", Map.of("pid", master.pid(), "address", masterAddress.toString()));
            Map<String, @Nullable Object> ours = new LinkedHashMap<>();
            ours.put("pid", executor.pid());
            ours.put("machine", machineId);
            ours.put("address", executorAddress.toString());
            told.put("executor", ours);
            console.out().print(Json.write(told));
            return;
        }
        Table table = new Table(List.of("", "PID", "ADDRESS", "LOG"), List.of(0, 2, 3));
        table.row(List.of(
                "master",
                Long.toString(master.pid()),
                masterAddress.toString(),
                home.master().log().toString()));
        table.row(List.of(
                "executor '" + machineId + "'",
                Long.toString(executor.pid()),
                executorAddress.toString(),
                home.executor().log().toString()));
        console.out().print(table);
    }
}
