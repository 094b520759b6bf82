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
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;

/** A cluster on which every other node of a dataflow runs on another machine, and the application on none of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SpreadDataflows.WhatHoldsAcrossMachines.class)
abstract class SpreadDataflows implements ContractRuntime {
    private QuickCluster cluster;

    @BeforeAll
    void begin(@TempDir Path directory) throws Exception {
        cluster = new QuickCluster(directory, 1);
        for (String machine : List.of("a", "b")) {
            cluster.join(machine, config -> configured(config, directory));
        }
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    /** What these tests ask of an executor. */
    ExecutorConfig.Builder configured(ExecutorConfig.Builder executor, Path directory) {
        return executor;
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

    @Override
    public boolean stopsAllAtOnce() {
        return false;
    }

    @Override
    public long many() {
        return Long.getLong(
                "millrace.contract.many", 50_000); // each goes over a link, and to each subscriber over one more
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

    /** Leaves out what cannot hold across machines, or not here. */
    static final class WhatHoldsAcrossMachines implements ExecutionCondition {
        private static final Map<String, String> HERE = Map.of(
                "shouldGiveTheGraphThatRuns",
                "the graph that runs here is another one, whose nodes were given machines: see ClusterApplicationTest",
                "shouldNotRunAgainWhenTheDataflowIsStopped",
                "machines are told to stop one after the other, so the sink may end with its input: see ClusterApplicationTest",
                "shouldReceiveOnlyWhatMatchesWhenLevelAndNodeAreNamed",
                "records of nodes on different machines have no order among each other: see ClusterApplicationTest",
                "shouldHandOverWhatWaitsWhenATapEndsInOrderBehindAStalledHandler",
                "the end of a tap travels on its own way, so what is sent behind it may come first: see ClusterApplicationTest",
                "shouldGoOnAndCountWhatIsLostWhenReadersStandStill",
                "records on their way to another machine have room of their own");

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getTestMethod()
                    .flatMap(WhatHoldsAcrossMachines::reasonToLeaveOut)
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("holds across machines"));
        }

        private static Optional<String> reasonToLeaveOut(Method test) {
            return AnnotationSupport.findAnnotation(test, OneMemory.class)
                    .map(found -> "about one memory: " + found.value())
                    .or(() -> Optional.ofNullable(HERE.get(test.getName())));
        }
    }
}
