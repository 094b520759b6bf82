package io.millrace.local.plan;

import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import io.millrace.local.nativecode.NativeSupport;
import io.millrace.workdir.LocatedTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the shared libraries that operators are, and what is wrong with them. Used by one thread; blocks. */
final class LibraryPreparation {
    private final List<Problem> problems;

    /** Adds what is wrong to {@code problems}. */
    LibraryPreparation(List<Problem> problems) {
        this.problems = problems;
    }

    /** The library's file, absolute; empty where there is a problem. */
    Optional<Path> find(GraphNode node, GraphOperator operator, NodeFiles.Found found) {
        Optional<String> obstacle = NativeSupport.obstacle();
        if (obstacle.isPresent()) {
            problems.add(Problem.error(
                    operator.location(),
                    "node '" + node.id() + "': operator '" + operator.id() + "' is a shared library: "
                            + obstacle.get()));
            return Optional.empty();
        }
        boolean isHere = node.execution().isolation() == Isolation.THREAD;
        if (isHere && !node.env().isEmpty()) {
            problems.add(Problem.note(
                    operator.location(),
                    "node '" + node.id() + "': operator '" + operator.id()
                            + "' is a shared library in the application's own process, whose environment and directory it sees: its 'env' has no"
                            + " effect without 'isolation: process'"));
        }
        // Where it was looked for in vain, that was said.
        return target(node, operator, found).files().stream()
                .findFirst()
                .flatMap(LocatedTarget.LocatedFile::found)
                .map(Path::of);
    }

    /** Targets are in the order of those operators that are files of their own. */
    private static LocatedTarget target(GraphNode node, GraphOperator operator, NodeFiles.Found found) {
        int index = (int) node.operators().stream()
                .takeWhile(other -> !other.equals(operator))
                .filter(other -> !(other.source() instanceof Source.ClassSource)
                        && !(other.source() instanceof Source.SuppliedSource))
                .count();
        return found.programs().get(index);
    }
}
