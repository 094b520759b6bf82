package io.millrace.remote.cli;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.local.recording.InvalidRecordingException;
import io.millrace.local.recording.PublishedReplay;
import io.millrace.local.recording.RecordedMessage;
import io.millrace.local.recording.Recording;
import io.millrace.local.recording.RecordingReader;
import io.millrace.local.recording.Replay;
import io.millrace.local.recording.ReplayOptions;
import io.millrace.local.recording.Selection;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.StartOptions;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Prints a recording that 'millrace run --record' has made, or feeds it into a dataflow.",
        footer = {
            "",
            "Without --into: a line for each message, with the time at which it was recorded, output, sequence, length and payload.",
            "With --join the dataflow runs on a cluster, and this command publishes the recording there. Ctrl-C stops the job.",
            "Exit code: 0 it went well, 1 the dataflow failed, 2 the recording, the file or the command cannot be used;",
            "on a cluster also 4 the masters refused it, 69 no master was reached."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int BUFFERED_CHARACTERS = 16 * 1024;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The recording's directory.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Option(
            names = "--output",
            paramLabel = "OUTPUT",
            description = "Only messages of this output, by its full name; may be given several times.")
    private List<String> outputs = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeOption.Converter.class,
            description =
                    "Begins there: a time such as 2026-01-31T08:00:00Z, or a duration from the recording's begin such as 90s.")
    private @Nullable TimeOption from;

    @Option(names = "--to", paramLabel = "TIME", converter = TimeOption.Converter.class, description = "Ends there.")
    private @Nullable TimeOption to;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many messages.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--json",
            description =
                    "Prints each message as a JSON object in a line of its own; with --into, the summary as JSON.")
    private boolean json;

    @Option(
            names = "--into",
            paramLabel = "FILE",
            description =
                    "Runs this dataflow, with the recording in place of its nodes without data inputs, and of the application that feeds it.")
    private @Nullable Path into;

    @Option(
            names = "--replace",
            paramLabel = "NODE",
            description =
                    "With --into: takes the place of this node instead, or of the application for millrace/app/NAME; may be given several times.")
    private List<String> replaced = new ArrayList<>();

    @Option(
            names = "--speed",
            paramLabel = "X",
            description =
                    "With --into: so many times the pace at which the messages were sent; 0 for flat out. Default: 1.")
    private @Nullable Double speed;

    @Mixin
    private final ReplayClusterOptions cluster = new ReplayClusterOptions();

    @Mixin
    private final RunOptions common = new RunOptions();

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.isVerbose());
        if (into == null && cluster.isGiven()) {
            throw refused("--join says where the dataflow is to run: name it with --into");
        }
        if (into == null && (speed != null || !replaced.isEmpty())) {
            throw refused(
                    (speed == null ? "--replace" : "--speed") + " says how to feed a dataflow: name one with --into");
        }
        try {
            Recording recording = Recording.open(directory);
            return into == null ? print(recording) : feed(recording, into);
        } catch (InvalidRecordingException | UncheckedIOException e) {
            return new Refusal(console, json && into != null).unusable(e, common.isVerbose());
        }
    }

    private Selection selection(Recording recording) {
        try {
            return new Selection(
                    Set.copyOf(outputs),
                    Optional.ofNullable(from).map(time -> time.in(recording)),
                    Optional.ofNullable(to).map(time -> time.in(recording)),
                    limit);
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    // Printing.

    private int print(Recording recording) {
        try (RecordingReader reader = open(recording)) {
            PrintStream out = console.out();
            StringBuilder lines = new StringBuilder();
            try {
                for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                    lines.append(json ? RecordingText.json(next) : RecordingText.line(next));
                    if (lines.length() >= BUFFERED_CHARACTERS && !isTaken(lines)) {
                        return ExitCode.OK; // who reads has seen enough
                    }
                }
            } finally {
                out.print(lines);
                out.flush();
            }
            if (!common.isQuiet()) {
                console.err().println("millrace: " + summary(recording, reader));
            }
            return ExitCode.OK;
        }
    }

    private RecordingReader open(Recording recording) {
        try {
            return recording.read(selection(recording));
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private boolean isTaken(StringBuilder lines) {
        console.out().print(lines);
        lines.setLength(0);
        return !console.out().checkError();
    }

    private static String summary(Recording recording, RecordingReader reader) {
        return Units.counted(reader.count(), "message") + " of dataflow '" + Printable.line(recording.dataflow())
                + "', recorded from " + recording.startedAt() + " on"
                + (reader.missing() > 0 ? "; " + Units.count(reader.missing()) + " are missing" : "")
                + (reader.isAtEnd() && !reader.isComplete() ? "; the recording was cut there" : "");
    }

    // Feeding.

    private int feed(Recording recording, Path file) throws InterruptedException {
        // Files of nodes that give way need not be there; those of the others are looked for before the start.
        LoadOptions options = LoadOptions.builder()
                .checkPaths(false)
                .forCluster(cluster.isGiven())
                .build();
        Dataflow dataflow;
        try {
            dataflow = Dataflow.load(file, options);
        } catch (InvalidDataflowException e) {
            return refuse(e.problems());
        }
        Problems.print(common.worthTelling(dataflow.findings()), console.err(), console.errIsColoured());
        if (cluster.isGiven()) {
            try (PublishedReplay replay = placed(() -> PublishedReplay.of(recording, dataflow, options(recording)))) {
                return new ReplayOnCluster(console, cluster, common, json).run(replay);
            }
        }
        try (Replay replay = placed(() -> Replay.of(recording, dataflow, options(recording)))) {
            List<Problem> unfed = UnfedInputs.of(replay.dataflow().graph());
            if (!unfed.isEmpty()) {
                return refuse(unfed);
            }
            return run(replay);
        }
    }

    private ReplayOptions options(Recording recording) {
        ReplayOptions options =
                ReplayOptions.DEFAULT.inPlaceOf(Set.copyOf(replaced)).of(selection(recording));
        return speed == null ? options : options.withSpeed(speed);
    }

    private <T> T placed(Supplier<T> replay) {
        try {
            return replay.get();
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private int run(Replay replay) throws InterruptedException {
        StartOptions options = common.start().build();
        DataflowRun.Ending ending;
        try (Progress progress = Progress.on(console, common.isQuiet())) {
            ending = new DataflowRun(replay.dataflow(), options, progress).run();
        } catch (InvalidDataflowException e) {
            int code = refuse(e.problems());
            RunOptions.hintAtClassPath(options, console);
            return code;
        } catch (DataflowStartException e) {
            String name = replay.dataflow().graph().name();
            return new Refusal(console, json).notStarted(name, e, common.isVerbose());
        }
        return tell(ending, ReplaySummary.of(replay));
    }

    private int tell(DataflowRun.Ending ending, ReplaySummary replay) {
        int exitCode = replay.codeOf(ending.exitCode(), console);
        if (json) {
            Map<String, @Nullable Object> summary = ending.summary().toJson(exitCode);
            summary.put("replay", replay.toJson());
            console.out().print(Json.write(summary));
        } else if (!common.isQuiet()) {
            console.out().print(ending.summary().toText());
            console.out().print("\n" + replay.toText());
        }
        return exitCode;
    }

    private int refuse(List<Problem> problems) {
        return new Refusal(console, json).invalid(problems);
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
