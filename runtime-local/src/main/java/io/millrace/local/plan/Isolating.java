package io.millrace.local.plan;

import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import io.millrace.local.code.EntriesFirstLoader;
import io.millrace.local.code.NodeClass;
import io.millrace.local.isolated.IsolatedNode;
import io.millrace.local.nativecode.NativeOperator;
import io.millrace.local.plan.PlannedCode.PlannedLoop;
import io.millrace.local.plan.PlannedCode.PlannedOperator;
import io.millrace.node.Clock;
import io.millrace.node.Operator;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prepares a Java node with {@code isolation: process}: none of its code runs in this JVM, not even a static initialiser. Used by one thread, once. */
final class Isolating {
    private final GraphNode node;
    private final NodeFiles.Found found;
    private final StartOptions options;
    private final ClassLoader loader;
    private final List<Problem> problems = new ArrayList<>();

    /** @param found the node's own files */
    Isolating(GraphNode node, NodeFiles.Found found, StartOptions options, ClassLoader loader) {
        this.node = node;
        this.found = found;
        this.options = options;
        this.loader = loader;
    }

    /** One for each operator; none if there are problems. */
    List<PlannedCode> code() {
        if (options.clock() != Clock.system()) {
            error(
                    node.operators().get(0),
                    "has 'isolation: process', and another JVM has no clock but the system's: leave"
                            + " it out where StartOptions.clock is set");
        }
        List<String> classNames = node.operators().stream()
                .flatMap(operator -> name(operator).stream())
                .toList();
        IsolatedNode isolated = new IsolatedNode(node.id(), classNames, found.classpath());
        List<PlannedCode> code = new ArrayList<>();
        for (int slot = 0; slot < node.operators().size(); slot++) {
            plan(node.operators().get(slot), slot, isolated, code);
        }
        return problems.isEmpty() ? code : List.of();
    }

    List<Problem> problems() {
        return problems;
    }

    /** What the other JVM knows it by; none if there is a problem. */
    private Optional<String> name(GraphOperator operator) {
        if (operator.source() instanceof Source.SharedLibrarySource) {
            return new LibraryPreparation(problems).find(node, operator, found).map(NativeOperator::reference);
        }
        return operator.source() instanceof Source.ClassSource source
                ? Optional.of(source.className())
                : Optional.empty();
    }

    private void plan(GraphOperator operator, int slot, IsolatedNode isolated, List<PlannedCode> code) {
        if (operator.source() instanceof Source.SharedLibrarySource) {
            code.add(new PlannedOperator(operator, Map.of(), () -> isolated.operator(slot)));
            return;
        }
        if (!(operator.source() instanceof Source.ClassSource source)) {
            error(
                    operator,
                    "is made of an object of the application, which is in this JVM only: name a class, or leave"
                            + " 'isolation: process' out");
            return;
        }
        try {
            NodeClass found = NodeClass.inspect(source.className(), loader);
            if (!isKnownElsewhere(found.loader())) {
                error(
                        operator,
                        "has 'isolation: process', but class '" + source.className() + "' comes from a class loader"
                                + " of the application's own, " + found.loader()
                                + ", which another JVM does not have: give the"
                                + " node a 'classpath'");
            } else if (found.isOperator()) {
                code.add(new PlannedOperator(operator, source.config(), () -> isolated.operator(slot)));
            } else if (node.hasOperators()) {
                error(
                        operator,
                        "has class '" + source.className() + "' as operator '" + operator.id()
                                + "', which has its own loop; an operator implements " + Operator.class.getName());
            } else {
                code.add(new PlannedLoop(operator, source.config(), isolated::loop));
            }
        } catch (NodeClass.UnusableException e) {
            problems.add(Problem.error(operator.location(), "node '" + node.id() + "': " + e.getMessage()));
        }
    }

    private static boolean isKnownElsewhere(@Nullable ClassLoader of) {
        return of == null
                || of == ClassLoader.getPlatformClassLoader()
                || of == ClassLoader.getSystemClassLoader()
                || of instanceof EntriesFirstLoader;
    }

    private void error(GraphOperator operator, String message) {
        problems.add(Problem.error(operator.location(), "node '" + node.id() + "' " + message));
    }
}
