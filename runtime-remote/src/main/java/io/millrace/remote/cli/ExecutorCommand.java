package io.millrace.remote.cli;

import io.millrace.remote.Executor;
import io.millrace.remote.ExecutorConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.wire.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace executor}. */
@Command(
        name = "executor",
        aliases = "daemon",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description =
                "Runs an executor: this machine joins a cluster and runs what the masters give it, until it is stopped.",
        footer = {
            "",
            "SIGTERM or Ctrl-C: it leaves in order, so that nodes that may move run elsewhere. Once more ends it at once.",
            "Exit code: 0 it has left, 1 it could not begin, or the masters refuse it; 2 the command cannot be used as it is written."
        })
final class ExecutorCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--machine-id",
            required = true,
            paramLabel = "NAME",
            description = "What dataflow files name this machine by.")
    @SuppressWarnings("NullAway.Init")
    private String machineId;

    @Mixin
    private final JoinOption join = new JoinOption();

    @Option(
            names = "--addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfLinks.class,
            defaultValue = "127.0.0.1",
            description =
                    "Where it accepts links from other executors and from clients; 0.0.0.0 for every address, port 0 for any. Default: ${DEFAULT-VALUE}:"
                            + Addresses.LINK_PORT + ".")
    @SuppressWarnings("NullAway.Init")
    private HostPort address;

    @Option(
            names = "--advertise-addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfLinks.class,
            description =
                    "Where others reach it, if that is another address. With --addr 0.0.0.0 it is the address by which this machine reaches its masters, unless said.")
    private @Nullable HostPort advertised;

    @Option(
            names = "--labels",
            paramLabel = "NAME=VALUE",
            split = ",",
            description =
                    "What this machine offers to nodes that ask for it with deploy.labels; with commas between them.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--working-dir",
            paramLabel = "DIR",
            description =
                    "The base directory: relative working directories are seen from it, and what belongs to jobs is kept below. Default: a directory of its own below the one for temporary files.")
    private @Nullable Path workingDirectory;

    @Option(names = "--require-working-dir", description = "Refuses nodes that are not local and have no working_dir.")
    private boolean requireWorkingDir;

    @Option(names = "--allow-shell", description = "Lets nodes with 'path: shell' run command lines.")
    private boolean allowShell;

    @Option(
            names = "--shared-memory",
            paramLabel = "DIR",
            arity = "0..1",
            fallbackValue = "/dev/shm",
            description =
                    "Edges to other executors of this host and user that are started with the same go over memory that both map, in files below DIR (if none is given, /dev/shm), and not over a link. Linux only. Off unless said.")
    private @Nullable Path sharedMemory;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "30s",
            description = "How long it waits, when it leaves, for nodes to end or to move. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration grace;

    @Mixin
    private final ClassPathOption classPath = new ClassPathOption();

    @Mixin
    private final MemberOptions member = new MemberOptions();

    ExecutorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Service service = member.service(console, "executor '" + machineId + "'");
        return service.run(() -> start(service));
    }

    private Service.Running start(Service service) {
        Executor executor = Executor.start(config());
        service.say("accepts links at " + Addresses.text(executor.address()) + ", and looks for a master at "
                + join.masters());
        executor.httpAddress().ifPresent(probed -> service.say("answers probes at " + Addresses.text(probed)));
        executor.registered().whenComplete((nothing, error) -> {
            if (error == null) {
                service.say("is registered");
            } else {
                service.fail(error);
            }
        });
        return new Joined(executor, grace, service);
    }

    private ExecutorConfig config() {
        ExecutorConfig.Builder config = ExecutorConfig.builder(machineId)
                .cluster(member.cluster())
                .masters(join.masters())
                .address(address)
                .labels(labels)
                .requireWorkingDir(requireWorkingDir)
                .allowShell(allowShell)
                .insecure(member.isInsecure());
        member.tls().ifPresent(config::tls);
        member.httpAddress().ifPresent(config::httpAddress);
        classPath
                .loader(Optional.ofNullable(System.getenv(ClassPathOption.VARIABLE)))
                .ifPresent(config::classLoader);
        if (advertised != null) {
            config.advertiseAddress(advertised);
        }
        if (sharedMemory != null) {
            config.sharedMemory(sharedMemory);
        }
        if (workingDirectory != null) {
            config.workingDirectory(workingDirectory);
        }
        return config.build();
    }

    /** An executor that runs, until it is told to leave. */
    private record Joined(Executor executor, Duration grace, Service service) implements Service.Running {
        @Override
        public void end(String reason) throws InterruptedException {
            try {
                executor.leave(reason).toCompletableFuture().get(Durations.nanos(grace), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // Nodes that name this machine wait for it, and those with nowhere to go for a place.
                service.say("ends what has neither ended nor moved within " + Units.elapsed(grace));
            } catch (ExecutionException e) {
                throw new IllegalStateException("it could not leave in order: " + e.getCause(), e);
            } finally {
                executor.close();
            }
        }
    }
}
