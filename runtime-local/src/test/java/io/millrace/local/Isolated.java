package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.graph.Execution;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** The same dataflow, but each of its nodes has {@code isolation: process}. */
final class Isolated {
    /** A JVM that starts quickly and stays small: there are many. */
    private static final String FLAGS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -Xshare:auto";

    private Isolated() {}

    static RunningDataflow start(Dataflow dataflow, StartOptions options) {
        NeedsSupervisor.assume();
        try {
            return new LocalRuntime()
                    .prepare(graph(dataflow.graph()), options)
                    .thenCompose(PreparedDataflow::start)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Graph graph(Graph graph) {
        List<GraphNode> nodes = graph.nodes().stream().map(Isolated::node).toList();
        GraphAssembler.Assembly assembly = GraphAssembler.assemble(new GraphDraft(
                graph.name(), graph.file(), graph.directory(), graph.settings(), nodes, Set.of(), List.of()));
        return assembly.graph().orElseThrow(() -> new AssertionError(assembly.problems()));
    }

    private static GraphNode node(GraphNode node) {
        Execution execution = node.execution();
        Map<String, String> env = new LinkedHashMap<>(node.env());
        env.put("JDK_JAVA_OPTIONS", FLAGS);
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                node.operators().stream().map(Isolated::asWritten).toList(),
                env,
                node.deployment(),
                node.supervision(),
                new Execution(
                        Isolation.PROCESS, Optional.empty(), execution.cpuAffinity(), execution.payloadBudgetBytes()),
                node.location());
    }

    private static GraphOperator asWritten(GraphOperator operator) {
        return new GraphOperator(
                operator.id(),
                operator.name(),
                operator.description(),
                operator.source(),
                operator.inputs().stream().map(Isolated::asWritten).toList(),
                operator.outputs(),
                operator.build(),
                operator.logs(),
                operator.location());
    }

    private static GraphInput asWritten(GraphInput input) {
        return new GraphInput(
                input.id(),
                InputSource.parse(input.source().toString()),
                input.policy(),
                input.queueSize(),
                input.queueWritten(),
                input.timeout(),
                input.type(),
                input.location());
    }
}
