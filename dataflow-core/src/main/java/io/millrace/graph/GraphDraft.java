package io.millrace.graph;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A dataflow before it is checked: what {@link GraphAssembler} is given by the loader of dataflow files and by the builder in code.
 *
 * <p>Inputs that read another node's output carry an {@link InputSource.OutputRef} as written: its node is the first segment, its
 * operator is empty and its output is the rest, whether or not that rest names an operator.
 *
 * @param file the file it was read from, if any
 * @param directory the flow dir
 * @param nodes in the order written; invalid ids and duplicates are for the assembler to find
 * @param incomplete ids of nodes whose outputs could not all be read: an input that names one of these in vain is not a second
 *     problem
 * @param problems what was found before, such as while reading the file
 */
public record GraphDraft(
        String name,
        Optional<Path> file,
        Path directory,
        GraphSettings settings,
        List<GraphNode> nodes,
        Set<String> incomplete,
        List<Problem> problems) {

    public GraphDraft {
        nodes = List.copyOf(nodes);
        incomplete = Set.copyOf(incomplete);
        problems = List.copyOf(problems);
        if (!incomplete.isEmpty() && problems.stream().noneMatch(Problem::isError)) {
            throw new IllegalArgumentException("nodes are incomplete, but no problem says why: " + incomplete);
        }
    }

    /** A draft of which everything is known and nothing was found yet: what code builds. */
    public static GraphDraft of(String name, Path directory, GraphSettings settings, List<GraphNode> nodes) {
        return new GraphDraft(name, Optional.empty(), directory, settings, nodes, Set.of(), List.of());
    }
}
