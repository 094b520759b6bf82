package io.millrace.remote.cli;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
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
                    "Records this output only, such as camera/frame, or what an edge's producer sends; may be given several times.")
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
        if (directory != null && Published.others(graph).isEmpty()) {
            return List.of(Problem.error(
                    Location.NONE, "there is nothing to record: " + graph + " has no outputs: leave out --record"));
        }
        return outputs.stream()
                .flatMap(name -> complaint(name, graph).stream())
                .map(why -> Problem.error(Location.NONE, why))
                .toList();
    }

    /** Why this cannot be recorded, if so. */
    static Optional<String> complaint(String name, Graph graph) {
        boolean isKnown = graph.findOutput(name).isPresent()
                || graph.edges().stream().map(Edge::name).anyMatch(name::equals);
        return isKnown
                ? Optional.empty()
                : Published.complaint(name)
                        .or(() -> Optional.of("cannot record '" + name + "': " + graph
                                + " has no such output or edge; its outputs are " + Published.others(graph)));
    }

    /** Makes the directory and the recorder, if one is wanted. */
    Optional<Recorder> open(Graph graph) {
        if (directory == null) {
            return Optional.empty();
        }
        RecorderOptions options =
                RecorderOptions.DEFAULT.withOutputs(outputs.isEmpty() ? Published.others(graph) : outputs);
        try {
            return Optional.of(Recorder.open(directory, drop ? options.dropping() : options));
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** What is to be said of what is not recorded, though everything is meant. */
    Optional<String> leftOut(Graph graph) {
        return directory != null && outputs.isEmpty() ? Published.leftOut(graph) : Optional.empty();
    }

    ParameterException refused(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
