package io.millrace.workdir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a dataflow file says about where a node is, defaults merged in.
 *
 * @param machine the machine the node is pinned to
 * @param local as written; empty leaves it to the circumstances
 * @param workingDir as written
 * @param ship whether the node's files are sent to its executor ({@code distribute: ship})
 * @param targets what the node runs: one target, or one for each operator; none for a node built in code
 * @param operators the ids of the operators that the targets are of, in their order; none for a node that is not made of
 *     operators
 */
public record NodeLocation(
        String nodeId,
        Optional<String> machine,
        Optional<Boolean> local,
        Optional<String> workingDir,
        boolean ship,
        List<Target> targets,
        List<String> operators) {

    public NodeLocation {
        targets = List.copyOf(targets);
        operators = List.copyOf(operators);
    }

    /** Of a node that is not made of operators. */
    public NodeLocation(
            String nodeId,
            Optional<String> machine,
            Optional<Boolean> local,
            Optional<String> workingDir,
            boolean ship,
            List<Target> targets) {
        this(nodeId, machine, local, workingDir, ship, targets, List.of());
    }

    /** The targets, each with what it is of. */
    List<NodeTarget> nodeTargets() {
        List<NodeTarget> all = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Optional<String> operator = operators.isEmpty() ? Optional.empty() : Optional.of(operators.get(i));
            all.add(new NodeTarget(nodeId, operator, targets.get(i)));
        }
        return all;
    }

    /**
     * The row that decides the node's working directory, of which it has one however many operators it has. A class
     * without class path asks for none, so it decides only where nothing else does; one relative path is enough to make
     * a directory necessary.
     */
    Row workingDirectoryRow(boolean isLocal, Predicate<String> isAbsolute) {
        if (targets.stream().anyMatch(NodeLocation::isNoPath)) {
            return Row.NOT_A_PATH;
        }
        if (ship) {
            return Row.SHIPPED;
        }
        if (targets.stream().allMatch(NodeLocation::isOnExecutorsClassPath)) {
            return Row.CLASS_WITHOUT_CLASSPATH;
        }
        boolean allAbsolute =
                targets.stream().flatMap(target -> target.paths().stream()).allMatch(isAbsolute);
        return Row.ofPath(isLocal, workingDir.isPresent(), allAbsolute);
    }

    /** The row that decides what one written path of this node means. */
    Row pathRow(boolean isLocal, boolean absolute) {
        return ship ? Row.SHIPPED : Row.ofPath(isLocal, workingDir.isPresent(), absolute);
    }

    private static boolean isNoPath(Target target) {
        return target instanceof Target.Dynamic
                || !target.urls().isEmpty() && target.paths().isEmpty();
    }

    private static boolean isOnExecutorsClassPath(Target target) {
        return target instanceof Target.JavaClass && target.paths().isEmpty();
    }
}
