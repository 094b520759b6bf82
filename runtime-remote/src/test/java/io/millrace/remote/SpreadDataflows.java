package io.millrace.remote;

import io.millrace.Dataflow;
import io.millrace.contract.ContractRuntime;
import io.millrace.contract.OneMemory;
import io.millrace.graph.Deployment;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.remote.wire.GraphForm;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;

/** A cluster on which every other node of a dataflow runs on another machine, and the application on none of them. */
@ExtendWith(SpreadDataflows.WithoutOneMemory.class)
abstract class SpreadDataflows implements ContractRuntime {
    static SmallCluster cluster;

    @BeforeAll
    static void begin(@TempDir Path directory) throws Exception {
        cluster = new SmallCluster(directory, "a", "b");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        try {
            return cluster.client()
                    .prepare(spread(dataflow.graph()), options)
                    .thenCompose(PreparedDataflow::start)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Graph spread(Graph graph) {
        GraphForm form = GraphForm.of(graph);
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphNode node : form.nodes()) {
            nodes.add(on(nodes.size() % 2 == 0 ? "a" : "b", node));
        }
        return new GraphForm(form.name(), form.settings(), nodes).toGraph(graph.file(), graph.directory());
    }

    private static GraphNode on(String machine, GraphNode node) {
        Deployment deployment = node.deployment();
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                node.operators(),
                node.env(),
                new Deployment(
                        Optional.of(machine),
                        deployment.local(),
                        deployment.workingDir(),
                        deployment.labels(),
                        deployment.distribution()),
                node.supervision(),
                node.execution(),
                node.location());
    }

    static final class WithoutOneMemory implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), OneMemory.class)
                    .map(found -> ConditionEvaluationResult.disabled("about one memory: " + found.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("not about one memory"));
        }
    }
}
