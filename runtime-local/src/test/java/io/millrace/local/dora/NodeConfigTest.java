package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.dora.NodeConfig.ConfiguredInput;
import io.millrace.local.dora.NodeConfig.PythonOperator;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

class NodeConfigTest {
    private static final InetSocketAddress ADDRESS = address("127.0.0.1");

    private static InetSocketAddress address(String host) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), 41234);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static NodeConfig config(
            InetSocketAddress address, @Nullable Object descriptor, boolean isDynamic, ConfiguredInput... inputs) {
        return new NodeConfig(
                Wire.DATAFLOW, "echo", List.of(inputs), List.of("out", "op/x"), address, descriptor, isDynamic, 3);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Node yaml(String text) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
    }

    private static Node at(Node node, String... path) {
        Node found = node;
        for (String key : path) {
            found = ((MappingNode) found)
                    .getValue().stream()
                            .filter(entry ->
                                    ((ScalarNode) entry.getKeyNode()).getValue().equals(key))
                            .findFirst()
                            .orElseThrow()
                            .getValueNode();
        }
        return found;
    }

    private static List<String> names(JsonNode node) {
        return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                .toList();
    }

    @Test
    void shouldBeTheTextThatNodesReadWhenItGoesIntoTheEnvironment() {
        ConfiguredInput in = ConfiguredInput.of("in", "src/out");
        assertThat(config(ADDRESS, null, false, in).environmentText())
                .startsWith("{\"dataflow_id\": \"0195f2c4-7a10-7c3e-8b5d-2f6a1c9e4d01\", \"node_id\": \"echo\","
                        + " \"run_config\": {\"inputs\": {\"in\": \"src/out\"}, \"outputs\": [\"out\", \"op/x\"]},"
                        + " \"daemon_communication\": !Tcp {\"socket_addr\": \"127.0.0.1:41234\"},"
                        + " \"dataflow_descriptor\": null, \"dynamic\": false, \"write_events_to\": null,"
                        + " \"restart_count\": 3, \"output_routing\": {");
    }

    @Test
    void shouldRouteEveryOutputOverTheConnection() {
        JsonNode routing = json(config(ADDRESS, null, true).replyJson()).at("/NodeConfig/result/Ok/output_routing");
        assertThat(names(routing)).containsExactly("out", "op/x");
        for (JsonNode each : routing) {
            assertThat(each).isEqualTo(json("{\"daemon_only\": true, \"required_ackers\": []}"));
        }
    }

    @Test
    void shouldTellHowAnInputIsQueued() {
        JsonNode inputs = json(config(
                                ADDRESS,
                                null,
                                true,
                                new ConfiguredInput("a", "src/out", 5, null, QueuePolicy.BACKPRESSURE),
                                new ConfiguredInput("b", "src/out", 7, 2.5, QueuePolicy.LATEST),
                                new ConfiguredInput("c", "dora/timer/millis/100", null, null, null))
                        .replyJson())
                .at("/NodeConfig/result/Ok/run_config/inputs");
        assertThat(inputs)
                .isEqualTo(
                        json("{\"a\": {\"source\": \"src/out\", \"queue_size\": 5, \"queue_policy\": \"backpressure\"},"
                                + "\"b\": {\"source\": \"src/out\", \"queue_size\": 1, \"input_timeout\": 2.5, \"queue_policy\": \"drop_oldest\"},"
                                + "\"c\": \"dora/timer/millis/100\"}"));
    }

    @Test
    void shouldHaveNoTagsWhenItIsJson() {
        assertThat(json(config(address("::1"), null, true).replyJson())
                        .at("/NodeConfig/result/Ok/daemon_communication"))
                .isEqualTo(json("{\"Tcp\": {\"socket_addr\": \"[0:0:0:0:0:0:0:1]:41234\"}}"));
        assertThat(json(NodeConfig.refusalJson("no node with ID plot")))
                .isEqualTo(json("{\"NodeConfig\": {\"result\": {\"Err\": \"no node with ID plot\"}}}"));
    }

    @Test
    void shouldBeAFrameWhenADynamicNodeIsAnswered() {
        FrameWriter frame = new FrameWriter();
        ReplyCodec.encodeJson("{\"a\": 1}", frame);
        assertThat(new String(Wire.body(frame), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"a\": 1}");
    }

    /** Any text of a dataflow file comes through the environment, whatever its encoding: so all of it is ASCII. */
    @Test
    void shouldComeThroughWhenTextsHoldAnyCharacters() {
        String text =
                "quote \" backslash \\ newline \n tab \t nul \0 del \u007f nel \u0085 \u00e9 \u20ac \ufeff \ud83d\ude00";
        NodeConfig config = config(ADDRESS, Map.of("note", text, "list", List.of(1, 0.5, true)), false);

        String environment = config.environmentText();

        assertThat(environment).matches("[ -~]*");
        Node read = yaml(environment);
        assertThat(((ScalarNode) at(read, "dataflow_descriptor", "note")).getValue())
                .isEqualTo(text);
        assertThat(at(read, "daemon_communication").getTag().getValue()).isEqualTo("!Tcp");
        JsonNode json = json(config.replyJson()).at("/NodeConfig/result/Ok/dataflow_descriptor");
        assertThat(json.get("note").asText()).isEqualTo(text);
        assertThat(json.get("list")).isEqualTo(json("[1, 0.5, true]"));
    }

    @Test
    void shouldWriteNumbersThatAreNoneAsYamlDoes() {
        Object descriptor = List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        NodeConfig config = config(ADDRESS, descriptor, false);
        assertThat(config.environmentText()).contains("\"dataflow_descriptor\": [.nan, .inf, -.inf]");
        assertThat(config.replyJson()).contains("\"dataflow_descriptor\": [null, null, null]");
    }

    @Test
    void shouldHoldTheOperatorWhenItIsForDorasRuntime() {
        PythonOperator operator =
                new PythonOperator("op", List.of(ConfiguredInput.of("in", "src/out")), List.of("x"), "op.py", null);
        String text = config(ADDRESS, Map.of("nodes", List.of()), false).runtimeText(operator);
        assertThat(text)
                .startsWith("{\"node\": {\"dataflow_id\": ")
                .endsWith("\"operators\": [{\"id\": \"op\", \"inputs\": {\"in\": \"src/out\"}, \"outputs\": [\"x\"],"
                        + " \"python\": \"op.py\"}]}");
        PythonOperator inConda = new PythonOperator("op", List.of(), List.of(), "op.py", "env");
        Node python = ((org.yaml.snakeyaml.nodes.SequenceNode)
                        at(yaml(config(ADDRESS, null, false).runtimeText(inConda)), "operators"))
                .getValue()
                .get(0);
        assertThat(((ScalarNode) at(python, "python", "conda_env")).getValue()).isEqualTo("env");
    }
}
