package io.millrace.remote.cli;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.InputSource;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Whether and how a run is recorded. */
final class RecordOption {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--record",
            paramLabel = "DIR",
            description = "Records what outputs send, into a directory that is empty or made; see 'millrace replay'.")
    private @Nullable Path directory;

    @Option(
            names = "--record-edge",
            paramLabel = "OUTPUT",
            description =
                    "Records this output only, such as camera/frame, what an edge's producer sends, or what the application publishes as millrace/app/NAME; may be given several times.")
    private List<String> outputs = new ArrayList<>();

    @Option(
            names = "--record-drop",
            description = "No node waits for the recording: what the disk is too slow for is missing, and counted.")
    private boolean drop;

    boolean isWanted() {
        return directory != null;
    }

    /** What is wrong with the options, as far as the dataflow is concerned. */
    List<Problem> check(Graph graph) {
        if (directory == null && (drop || !outputs.isEmpty())) {
            throw refused(
                    (drop ? "--record-drop" : "--record-edge") + " says how to record: say where to with --record");
        }
        if (directory != null && names(graph).isEmpty()) {
            return List.of(Problem.error(
                    Location.NONE,
                    "there is nothing to record: " + graph
                            + " has no outputs, and takes nothing from the application: leave out --record"));
        }
        return outputs.stream()
                .filter(name -> graph.findOutput(name).isEmpty()
                        && !names(graph).contains(name)
                        && graph.edges().stream().map(Edge::name).noneMatch(name::equals))
                .map(name -> Problem.error(
                        Location.NONE,
                        "cannot record '" + name + "': " + graph + " has no such output or edge; its outputs are "
                                + names(graph)))
                .toList();
    }

    /** Of outputs, and of what the application publishes. */
    private static List<String> names(Graph graph) {
        Stream<String> sent = graph.nodes().stream()
                .flatMap(node -> node.operators().stream()
                        .flatMap(code -> code.outputs().stream().map(output -> node.portName(code, output.id()))));
        Stream<String> published =
                graph.applicationInputs().stream().map(name -> new InputSource.Application(name).toString());
        return Stream.concat(sent, published).toList();
    }

    /** Makes the directory and the recorder, if one is wanted. */
    Optional<Recorder> open() {
        if (directory == null) {
            return Optional.empty();
        }
        RecorderOptions options = RecorderOptions.DEFAULT.withOutputs(outputs);
        try {
            return Optional.of(Recorder.open(directory, drop ? options.dropping() : options));
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    ParameterException refused(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
