package io.millrace.yaml;

import io.millrace.graph.Deployment;
import io.millrace.graph.EnvironmentNames;
import io.millrace.graph.Execution;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.Problem;
import io.millrace.graph.Supervision;
import io.millrace.graph.Supervision.RestartPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One node of the descriptor to one of the graph. */
final class NodeTranslation {
    private final Fields node;
    private final Map<String, String> dataflowEnv;
    private final DeployTranslation deploys;
    private final Reading reading;
    private final Fields deploy;
    private final PathVariables variables;
    private final OperatorTranslation operators;

    /** @param dataflowEnv immutable: nodes that write no variables share it */
    NodeTranslation(
            Fields node,
            Map<String, String> dataflowEnv,
            DeployTranslation deploys,
            PortTranslation ports,
            Reading reading) {
        this.node = CustomDialect.unfold(node, reading);
        this.dataflowEnv = dataflowEnv;
        this.deploys = deploys;
        this.reading = reading;
        this.deploy = deploys.merged(node.get(DataflowSchema.NODE_DEPLOY, Fields.none(node.location())));
        this.variables = deploys.pathVariables(deploy);
        this.operators = new OperatorTranslation(variables, ports, reading);
    }

    /** The node, as much of it as can be known; empty if it has no id or no code. */
    Optional<GraphNode> node() {
        if (!node.isWritten(DataflowSchema.ID)) {
            reading.error(node.location(), "the node has no 'id'");
        }
        SourceCheck.checkNode(node, reading);
        List<GraphOperator> code = operators.operators(node);
        Deployment deployment = deploys.deployment(deploy, variables);
        Supervision supervision = supervision();
        Map<String, String> env = env();
        Execution execution = execution();
        Optional<String> id = node.get(DataflowSchema.ID);
        if (id.isEmpty() || code.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new GraphNode(
                id.get(),
                node.get(DataflowSchema.NAME),
                node.get(DataflowSchema.DESCRIPTION),
                code,
                env,
                deployment,
                supervision,
                execution,
                node.valueLocation(DataflowSchema.ID)));
    }

    /** Whether all is known of where the node's files are that is written. */
    boolean isPlaced(GraphNode read) {
        return !deploy.isWritten(DataflowSchema.WORKING_DIR)
                || read.deployment().workingDir().isPresent();
    }

    /** The node's id, if not all of its outputs are known. */
    Optional<String> incompleteId() {
        boolean hidesOutputs = SourceCheck.isRefused(node)
                || node.isDamaged(DataflowSchema.OUTPUTS)
                || node.isDamaged(DataflowSchema.CUSTOM)
                || node.isDamaged(DataflowSchema.ONE_OPERATOR)
                || node.isDamaged(DataflowSchema.OPERATORS)
                || node.get(DataflowSchema.OPERATORS, List.of()).stream()
                        .anyMatch(operator ->
                                operator.value().get(DataflowSchema.ID).isEmpty());
        return hidesOutputs ? node.get(DataflowSchema.ID) : Optional.empty();
    }

    private Map<String, String> env() {
        Map<String, Located<String>> own = node.get(DataflowSchema.ENV, Map.of());
        checkVariables(own, reading);
        if (own.isEmpty() || !reading.admitsCopies(dataflowEnv.size(), node.keyLocation(DataflowSchema.ENV))) {
            return dataflowEnv;
        }
        Map<String, String> env = new HashMap<>(dataflowEnv);
        env.putAll(Located.values(own));
        return env;
    }

    /** Reports each variable that a file may not set. */
    static void checkVariables(Map<String, Located<String>> env, Reading reading) {
        for (Map.Entry<String, Located<String>> variable : env.entrySet()) {
            String name = variable.getKey();
            Optional<String> complaint = EnvironmentNames.complaint(name);
            if (complaint.isPresent()) {
                reading.error(variable.getValue().location(), "'env': " + Problem.quote(name) + " " + complaint.get());
            }
        }
    }

    private Supervision supervision() {
        RestartPolicy policy = node.get(DataflowSchema.RESTART_POLICY, RestartPolicy.NEVER);
        if (policy == RestartPolicy.NEVER && !node.isDamaged(DataflowSchema.RESTART_POLICY)) {
            warnOfUnusedRestartKeys();
        }
        return new Supervision(
                policy,
                node.isWritten(DataflowSchema.RESTART_POLICY),
                node.get(DataflowSchema.MAX_RESTARTS, 0),
                node.get(DataflowSchema.RESTART_DELAY),
                node.get(DataflowSchema.MAX_RESTART_DELAY),
                node.get(DataflowSchema.RESTART_WINDOW),
                node.get(DataflowSchema.HEALTH_CHECK_TIMEOUT));
    }

    private void warnOfUnusedRestartKeys() {
        for (Key<?> key : DataflowSchema.OF_RESTARTS) {
            if (node.isWritten(key)) {
                reading.problems()
                        .warning(
                                node.keyLocation(key),
                                "'" + key.name()
                                        + "' changes nothing, for the node is never restarted: write 'restart_policy: on-failure' or 'always', or leave it out");
            }
        }
    }

    private Execution execution() {
        boolean isProgram = node.isWritten(DataflowSchema.PATH);
        if (isProgram && node.get(DataflowSchema.ISOLATION, Isolation.PROCESS) == Isolation.THREAD) {
            reading.error(
                    node.valueLocation(DataflowSchema.ISOLATION),
                    "'isolation': found 'thread', but a program is always a process of its own: leave it out");
        }
        List<Integer> cores = new ArrayList<>();
        for (Located<Integer> core : node.get(DataflowSchema.CPU_AFFINITY, List.of())) {
            cores.add(core.value());
        }
        return new Execution(
                isProgram ? Isolation.PROCESS : node.get(DataflowSchema.ISOLATION, Isolation.THREAD),
                node.get(DataflowSchema.IDLE),
                cores,
                node.get(DataflowSchema.PAYLOAD_BUDGET).map(OptionalLong::of).orElse(OptionalLong.empty()));
    }
}
