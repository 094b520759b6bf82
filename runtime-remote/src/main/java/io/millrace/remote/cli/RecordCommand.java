package io.millrace.remote.cli;

import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderOptions;
import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.remote.wire.Durations;
import io.millrace.runtime.RunningDataflow;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace record}. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = {
            "Records what outputs of a job send from now on, in a directory of this machine.",
            "Nodes wait for it where the network or the disk is too slow, unless --drop is said."
        },
        footer = {
            "",
            "Ends with the job, after --for, or with Ctrl-C; the job runs on. 'millrace start --record' misses nothing of the job's begin.",
            "Exit code: 0 it was recorded; 1 the recording has ended early; 2 the directory cannot be used; 3 there is no such job or output; 69 no master was reached."
        })
final class RecordCommand implements Callable<Integer> {
    private static final long LOOK_AROUND_MS = 200;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "JOB", description = "Its name or id.")
    @SuppressWarnings("NullAway.Init")
    private String job;

    @Parameters(index = "1", paramLabel = "DIR", description = "A directory that is empty or made.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Option(
            names = {"--edge", "--edges", "--record-edge"},
            paramLabel = "OUTPUT",
            split = ",",
            description =
                    "Records these outputs only, such as camera/frame, or what an edge's producer sends; with commas between them, or given several times.")
    private List<String> outputs = new ArrayList<>();

    @Option(
            names = {"--drop", "--record-drop"},
            description = "No node waits for the recording: what it is too slow for is missing, and counted.")
    private boolean drop;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Ends after so long.")
    private @Nullable Duration length;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints no summary, only what goes wrong.")
    private boolean quiet;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    RecordCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        outputs.stream()
                .flatMap(name -> Published.complaint(name).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw new ParameterException(spec.commandLine(), why);
                });
        return new ClusterTask(console, options).run(this::record);
    }

    private int record(Cluster cluster) throws InterruptedException {
        Job meant = JobChoice.named(cluster, job);
        if (meant.state().isFinal()) {
            throw new NoSuchThingException("job '" + meant.name() + "' has ended: it sends nothing any more");
        }
        RunningDataflow running = cluster.attach(meant.id());
        Recorder recorder = begin(running);
        try {
            if (!quiet) {
                console.err()
                        .println("millrace: "
                                + Printable.line("job '" + meant.name() + "' is recorded in '" + directory + "'"));
                if (outputs.isEmpty()) {
                    Published.leftOut(running.graph())
                            .ifPresent(text -> console.err().println("millrace: " + text));
                }
            }
            awaitEnd(running, recorder);
        } finally {
            recorder.close();
        }
        RecordingSummary summary = new RecordingSummary(recorder.counts());
        if (options.isJson()) {
            console.out().print(Json.write(summary.toJson()));
        } else if (!quiet) {
            console.out().print(summary.toText());
        }
        return RecordingSummary.codeOf(ExitCode.OK, Optional.of(summary), console);
    }

    private Recorder begin(RunningDataflow running) {
        List<String> chosen = outputs.isEmpty() ? Published.others(running.graph()) : outputs;
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "there is nothing to record: " + running.graph() + " has no outputs");
        }
        outputs.stream()
                .flatMap(name -> RecordOption.complaint(name, running.graph()).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw new NoSuchThingException(why);
                });
        RecorderOptions terms = RecorderOptions.DEFAULT.withOutputs(chosen);
        try {
            return Recorder.start(running, directory, drop ? terms.dropping() : terms);
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private void awaitEnd(RunningDataflow running, Recorder recorder) throws InterruptedException {
        long beganNs = System.nanoTime();
        long lengthNs = length == null ? Long.MAX_VALUE : Durations.nanos(length);
        try (Looking looking = new Looking()) {
            boolean isOver = false;
            while (!isOver && !looking.awaitEnd(LOOK_AROUND_MS)) {
                isOver = running.completion().toCompletableFuture().isDone()
                        || recorder.counts().failure().isPresent()
                        || System.nanoTime() - beganNs >= lengthNs;
            }
        }
    }
}
