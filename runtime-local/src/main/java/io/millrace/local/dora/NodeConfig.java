package io.millrace.local.dora;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.dora.JsonText.Tagged;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told before it connects: who it is, its inputs and outputs, and where to connect. All its outputs are routed over that connection, so that nothing goes
 * from node to node behind our back.
 *
 * @param address where we listen: numbers, not a name
 * @param descriptor the dataflow file as maps, lists, texts, numbers, booleans and nulls; null where the node does not need it, as operators do
 * @param isDynamic whether the node was started by hand
 * @param restartCount 0 in the first incarnation
 */
public record NodeConfig(
        UUID dataflowId,
        String nodeId,
        List<ConfiguredInput> inputs,
        List<String> outputs,
        InetSocketAddress address,
        @Nullable Object descriptor,
        boolean isDynamic,
        int restartCount) {
    /** The variable of a node's environment that {@link #environmentText} goes into. */
    public static final String VARIABLE = "DORA_NODE_CONFIG";

    /** The variable of an operator node's environment that {@link #runtimeText} goes into. */
    public static final String RUNTIME_VARIABLE = "DORA_RUNTIME_CONFIG";

    /** Linux refuses to start a process where a variable, with its name and the sign between, takes more. */
    public static final int MAX_VARIABLE_BYTES = 128 * 1024 - 1;

    public NodeConfig {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * An input as a node of dora is told of it.
     *
     * @param source as in a dataflow file: {@code node/output} or {@code dora/timer/millis/100}
     * @param queueSize what the node itself keeps; null for dora's default, 10
     * @param timeoutSeconds null for none
     * @param policy null for dora's default; {@code latest}, which dora does not know, is a queue of one that drops the older
     */
    public record ConfiguredInput(
            String inputId,
            String source,
            @Nullable Integer queueSize,
            @Nullable Double timeoutSeconds,
            @Nullable QueuePolicy policy) {
        /** With dora's defaults. */
        public static ConfiguredInput of(String inputId, String source) {
            return new ConfiguredInput(inputId, source, null, null, null);
        }

        private Object tree() {
            if (queueSize == null && timeoutSeconds == null && policy == null) {
                return source;
            }
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("source", source);
            putIfPresent(tree, "queue_size", policy == QueuePolicy.LATEST ? Integer.valueOf(1) : queueSize);
            putIfPresent(tree, "input_timeout", timeoutSeconds);
            putIfPresent(
                    tree, "queue_policy", policy == null ? null : known(policy).key());
            return tree;
        }

        private static QueuePolicy known(QueuePolicy policy) {
            return policy == QueuePolicy.LATEST ? QueuePolicy.DROP_OLDEST : policy;
        }
    }

    /**
     * An operator in Python.
     *
     * @param source its file, absolute, or relative to the node's working directory
     * @param condaEnvironment null for none
     */
    public record PythonOperator(
            String id,
            List<ConfiguredInput> inputs,
            List<String> outputs,
            String source,
            @Nullable String condaEnvironment) {
        public PythonOperator {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }

        private Map<String, Object> tree() {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("id", id);
            tree.put("inputs", NodeConfig.tree(inputs));
            tree.put("outputs", outputs);
            tree.put(
                    "python",
                    condaEnvironment == null ? source : Map.of("source", source, "conda_env", condaEnvironment));
            return tree;
        }
    }

    /** For {@link #VARIABLE}: JSON but for one tag of YAML, on one line of ASCII. */
    public String environmentText() {
        return JsonText.yaml(tree());
    }

    /** For {@link #RUNTIME_VARIABLE}, with the descriptor, which dora's runtime wants to see. */
    public String runtimeText(PythonOperator operator) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", tree());
        tree.put("operators", List.of(operator.tree()));
        return JsonText.yaml(tree);
    }

    /** The answer to {@link Request.Configuration}, in JSON; see {@link ReplyCodec#encodeJson}. */
    public String replyJson() {
        return reply("Ok", tree());
    }

    /** The answer to {@link Request.Configuration} for a node that we do not know, or not now. */
    public static String refusalJson(String why) {
        return reply("Err", why);
    }

    private static String reply(String outcome, Object value) {
        return JsonText.json(Map.of("NodeConfig", Map.of("result", Map.of(outcome, value))));
    }

    private Map<String, Object> tree() {
        Map<String, Object> running = new LinkedHashMap<>();
        running.put("inputs", tree(inputs));
        running.put("outputs", outputs);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("dataflow_id", dataflowId.toString());
        tree.put("node_id", nodeId);
        tree.put("run_config", running);
        tree.put("daemon_communication", new Tagged("Tcp", Map.of("socket_addr", addressText())));
        tree.put("dataflow_descriptor", descriptor);
        tree.put("dynamic", isDynamic);
        tree.put("write_events_to", null);
        tree.put("restart_count", restartCount);
        tree.put("output_routing", routing());
        return tree;
    }

    private static Map<String, Object> tree(List<ConfiguredInput> inputs) {
        Map<String, Object> tree = new LinkedHashMap<>();
        inputs.forEach(input -> tree.put(input.inputId(), input.tree()));
        return tree;
    }

    private Map<String, Object> routing() {
        Map<String, Object> routing = new LinkedHashMap<>();
        outputs.forEach(output -> routing.put(output, Map.of("daemon_only", true, "required_ackers", List.of())));
        return routing;
    }

    private String addressText() {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static void putIfPresent(Map<String, Object> tree, String key, @Nullable Object value) {
        if (value != null) {
            tree.put(key, value);
        }
    }
}
