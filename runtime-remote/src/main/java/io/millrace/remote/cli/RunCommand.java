package io.millrace.remote.cli;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.local.recording.Recorder;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.StartOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Runs a dataflow in this process until all its nodes have ended.",
        footer = {
            "",
            "Ctrl-C stops it in order; once more ends it at once.",
            "Exit code: 0 it finished, 1 it failed, 2 the file or the command cannot be used, 130 it was stopped by Ctrl-C (143 by SIGTERM)."
        })
final class RunCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", description = "The dataflow file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private final RunOptions common = new RunOptions();

    @Mixin
    private final StartingOptions starting = new StartingOptions();

    @Mixin
    private final RecordOption record = new RecordOption();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Keeps the nodes' checkpoints in this directory, so that a dataflow that was stopped, failed or was killed goes on from there when it is run again.")
    private @Nullable Path state;

    @Option(names = "--json", description = "Prints the summary as JSON.")
    private boolean json;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.isVerbose());
        StartOptions options = startOptions();
        Dataflow dataflow;
        try {
            dataflow = Dataflow.load(file);
        } catch (InvalidDataflowException e) {
            int code = refuse(e.problems());
            hintAtBuild();
            return code;
        }
        List<Problem> unfed = UnfedInputs.of(dataflow.graph());
        if (!unfed.isEmpty()) {
            return refuse(unfed);
        }
        List<Problem> unrecorded = record.check(dataflow.graph());
        if (!unrecorded.isEmpty()) {
            return refuse(unrecorded);
        }
        Problems.print(common.worthTelling(dataflow.findings()), console.err(), console.errIsColoured());
        return run(dataflow, options);
    }

    /** Where nothing is wrong but that files are missing, and there are commands that may make them. */
    private void hintAtBuild() {
        Dataflow.check(file, LoadOptions.builder().checkPaths(false).build())
                .dataflow()
                .filter(dataflow -> dataflow.graph().nodes().stream()
                        .flatMap(node -> node.operators().stream())
                        .anyMatch(operator -> operator.build().isPresent()))
                .ifPresent(dataflow ->
                        console.err().println("hint: nodes of this dataflow have to be built: millrace build " + file));
    }

    private StartOptions startOptions() {
        StartOptions.Builder options = common.start();
        starting.into(options);
        if (state != null) {
            options.stateDirectory(state);
        }
        return options.build();
    }

    private int run(Dataflow dataflow, StartOptions options) throws InterruptedException {
        DataflowRun.Ending ending;
        Optional<Recorder> recorder = record.open(dataflow.graph());
        try (Progress progress = Progress.on(console, common.isQuiet(), starting.isTop())) {
            ending = new DataflowRun(dataflow, recorded(options, recorder), progress).run();
        } catch (InvalidDataflowException e) {
            int code = refuse(e.problems());
            RunOptions.hintAtClassPath(options, console);
            return code;
        } catch (DataflowStartException e) {
            return new Refusal(console, json).notStarted(dataflow.graph().name(), e, common.isVerbose());
        } finally {
            recorder.ifPresent(Recorder::close);
        }
        return tell(ending, recorder.map(Recorder::counts).map(RecordingSummary::new));
    }

    private static StartOptions recorded(StartOptions options, Optional<Recorder> recorder) {
        return recorder.map(made -> options.toBuilder().whenOpen(made::attach).build())
                .orElse(options);
    }

    private int tell(DataflowRun.Ending ending, Optional<RecordingSummary> recording) {
        int exitCode = RecordingSummary.codeOf(ending.exitCode(), recording, console);
        if (json) {
            Map<String, @Nullable Object> summary = ending.summary().toJson(exitCode);
            recording.ifPresent(made -> summary.put("recording", made.toJson()));
            console.out().print(Json.write(summary));
        } else if (!common.isQuiet()) {
            console.out().print(ending.summary().toText());
            recording.ifPresent(made -> console.out().print("\n" + made.toText()));
        }
        return exitCode;
    }

    private int refuse(List<Problem> problems) {
        return new Refusal(console, json).invalid(problems);
    }
}
