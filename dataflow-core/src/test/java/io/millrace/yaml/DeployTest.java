package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.ClientExpansion;
import io.millrace.graph.Deployment;
import io.millrace.graph.Deployment.Distribution;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.graph.Source.ProgramSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {

    private static Deployment deployment(String root, String node) {
        return Loads.graph("deploy: " + root + "\nnodes: [{id: a, path: x, deploy: " + node + "}]\n")
                .node("a")
                .deployment();
    }

    @Test
    void shouldMergeKeyByKeyWhenDataflowMachineAndNodeSayDifferentThings() {
        String root = "{machine: A, local: true, working_dir: /root, labels: {zone: eu, rack: 1}, distribute: ship,"
                + " machines: {B: {working_dir: /b, labels: {rack: 2, gpu: true}}}}";

        assertThat(deployment(root, "{}"))
                .isEqualTo(new Deployment(
                        Optional.of("A"),
                        Optional.of(true),
                        Optional.of("/root"),
                        Map.of("zone", "eu", "rack", "1"),
                        Distribution.SHIP));
        assertThat(deployment(root, "{machine: B}"))
                .isEqualTo(new Deployment(
                        Optional.of("B"),
                        Optional.of(true),
                        Optional.of("/b"),
                        Map.of("zone", "eu", "rack", "2", "gpu", "true"),
                        Distribution.SHIP));
        assertThat(deployment(
                        root, "{machine: B, local: false, working_dir: /n, labels: {rack: 3}, distribute: local}"))
                .isEqualTo(new Deployment(
                        Optional.of("B"),
                        Optional.of(false),
                        Optional.of("/n"),
                        Map.of("zone", "eu", "rack", "3", "gpu", "true"),
                        Distribution.LOCAL));
    }

    @Test
    void shouldTakeTheDefaultsOfAMachineWhenTheDataflowNamesIt() {
        assertThat(deployment("{machine: B, machines: {B: {local: false}}}", "{}")
                        .local())
                .contains(false);
    }

    @Test
    void shouldReadDorasWordsForShipping() {
        for (String word : new String[] {"ship", "scp", "http"}) {
            assertThat(deployment("{}", "{distribute: " + word + "}").distribution())
                    .isEqualTo(Distribution.SHIP);
        }
    }

    @Test
    void shouldWarnWhenNoNodeIsOnAMachine() {
        assertThat(Loads.warnings("deploy: {machines: {B: {local: true}}}\nnodes: [{id: a, path: x}]"))
                .containsExactly("flow.yml:1:21: warning: no node is on machine 'B': these defaults are not used");
    }

    @Test
    void shouldLeavePathsToTheExecutorWhenANodeIsNotLocal() {
        Graph graph = Loads.graph("""
                nodes:
                  - {id: here, path: $HOME/a, deploy: {working_dir: $HOME/w}}
                  - {id: there, path: $UNKNOWN/a, args: $HOME, deploy: {local: false, working_dir: "${W}/w"}}
                  - {id: sent, path: $HOME/a, deploy: {local: false, working_dir: $W/w, distribute: ship}}
                  - id: classes
                    class: com.example.A
                    classpath: [$UNKNOWN/a.jar, {__dora_env: JARS}]
                    config: {home: $HOME}
                    deploy: {local: false}
                  - id: operators
                    operators:
                      - {id: p, python: $UNKNOWN/p.py}
                      - {id: s, shared-library: {__dora_env: LIB}}
                    deploy: {local: false}
                """);

        assertThat(graph.node("here").operator("").source()).hasToString("path /home/ada/a");
        assertThat(graph.node("here").deployment().workingDir()).contains("/home/ada/w");
        assertThat(graph.node("there").operator("").source())
                .hasToString("path $UNKNOWN/a")
                .extracting("args")
                .isEqualTo(Optional.of("/home/ada"));
        assertThat(graph.node("there").deployment().workingDir()).contains("${W}/w");
        assertThat(graph.node("sent").operator("").source()).hasToString("path /home/ada/a");
        assertThat(graph.node("sent").deployment().workingDir()).contains("$W/w");
        assertThat(graph.node("classes").operator("").source())
                .extracting("classpath", "config")
                .containsExactly(java.util.List.of("$UNKNOWN/a.jar", "${JARS}"), Map.of("home", "/home/ada"));
        assertThat(graph.node("operators").operator("p").source()).hasToString("python $UNKNOWN/p.py");
        assertThat(graph.node("operators").operator("s").source()).hasToString("shared-library ${LIB}");
    }

    @Test
    void shouldKnowItsFileAndDirectoryWhenItIsReadFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("marine.yaml"), "nodes: [{id: a, path: x}]");
        YamlOptions elsewhere = new YamlOptions(Map.of(), false, Optional.of(Path.of("/elsewhere")), false);

        Graph graph = YamlDataflow.load(file, YamlOptions.of(Map.of())).orThrow();
        Assembly moved = YamlDataflow.load(file, elsewhere);

        assertThat(graph.name()).isEqualTo("marine");
        assertThat(graph.file()).contains(file.toAbsolutePath());
        assertThat(graph.directory()).isEqualTo(folder.toAbsolutePath());
        assertThat(moved.orThrow().directory()).isEqualTo(Path.of("/elsewhere").toAbsolutePath());
        assertThat(moved.orThrow().file()).contains(file.toAbsolutePath());
    }

    @Test
    void shouldAskForANameWhenThatOfTheFileIsNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("n".repeat(129) + ".yml");
        Files.writeString(file, "nodes: [{id: a, path: x}]");

        assertThat(Loads.errors(YamlDataflow.load(file, YamlOptions.of(Map.of()))))
                .containsExactly("error: the dataflow's name is '" + "n".repeat(40)
                        + "...', expected text of 1 to 128 characters in one line: write the key 'name'");

        Files.writeString(file, "{name: short, nodes: [{id: a, path: x}]}");
        assertThat(YamlDataflow.load(file, YamlOptions.of(Map.of())).orThrow().name())
                .isEqualTo("short");
    }

    @Test
    void shouldSayOnceWhatIsWrongWithADefaultThatManyNodesHave() {
        assertThat(Loads.errors(
                        "deploy: {working_dir: $NIL}\nnodes: [{id: a, path: x}, {id: b, path: y}, {id: c, path: z}]"))
                .containsExactly(
                        "flow.yml:1:23: error: 'working_dir': the environment has no variable 'NIL': set it, or"
                                + " write '${NIL:-default}', or '$$' for a dollar sign");
    }

    @Test
    void shouldSayWhatToDoWhenAMachineOrAWorkingDirectoryIsBlank() {
        assertThat(Loads.errors("nodes: [{id: a, path: x, deploy: {machine: '${MACHINE:-}', working_dir: ''}}]"))
                .containsExactly(
                        "flow.yml:1:44: error: 'machine': found blank text, expected text that is not blank: leave the"
                                + " key out",
                        "flow.yml:1:73: error: 'working_dir': found blank text, expected text that is not blank: leave"
                                + " the key out");
        assertThat(Loads.errors("nodes: [{id: a, path: x, deploy: {working_dir: '${DIR:-}'}}]"))
                .containsExactly("flow.yml:1:48: error: 'working_dir': what the variables in '${DIR:-}' stand for is"
                        + " blank: set them, or leave the key out");
    }

    @Test
    void shouldLeaveDotsToTheSystemWhenTheyFollowALink(@TempDir Path folder) throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/deep"));
        Files.writeString(elsewhere.resolveSibling("flow.yml"), "nodes: [{id: a, path: x}]");
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);

        Graph graph = YamlDataflow.load(link.resolve("../flow.yml"), YamlOptions.of(Map.of()))
                .orThrow();

        assertThat(graph.directory()).isEqualTo(link.resolve(".."));
        assertThat(graph.directory().toRealPath())
                .isEqualTo(elsewhere.getParent().toRealPath());
        assertThat(graph.file().orElseThrow()).isRegularFile();
    }

    @Test
    void shouldLeavePathsAsTheyAreWrittenWhenItIsOpenWhetherANodeIsLocal() {
        YamlOptions options = new YamlOptions(Loads.ENVIRONMENT, false, Optional.empty(), true);
        Graph graph = YamlDataflow.parse("""
                        deploy: {working_dir: $HOME/w}
                        nodes:
                          - {id: open, path: $HOME/a, args: $HOME}
                          - {id: faulty, path: $NIL/a}
                          - {id: plain, path: bin/a, deploy: {working_dir: w}}
                          - {id: here, path: $HOME/a, deploy: {local: true}}
                          - {id: there, path: $HOME/a, deploy: {local: false}}
                          - {id: sent, path: $HOME/a, deploy: {distribute: ship}}
                        """, "flow.yml", options).orThrow();

        GraphNode open = graph.node("open");
        assertThat(open.operator("").source()).isEqualTo(new ProgramSource("$HOME/a", Optional.of("/home/ada")));
        assertThat(open.deployment().workingDir()).contains("$HOME/w");
        assertThat(open.deployment().clientExpansion())
                .isEqualTo(new ClientExpansion(Map.of("$HOME/a", "/home/ada/a", "$HOME/w", "/home/ada/w"), List.of()));
        assertThat(graph.node("faulty").deployment().clientExpansion().problems())
                .extracting(Problem::toString)
                .containsExactly("flow.yml:4:24: error: 'path': the environment has no variable 'NIL': set it, or write"
                        + " '${NIL:-default}', or '$$' for a dollar sign");
        assertThat(graph.node("sent").operator("").source()).hasToString("path /home/ada/a");
        assertThat(graph.node("sent").deployment().clientExpansion().texts())
                .containsExactly(Map.entry("$HOME/w", "/home/ada/w"));
        assertThat(graph.node("here").deployment().workingDir()).contains("/home/ada/w");
        assertThat(graph.node("there").deployment().workingDir()).contains("$HOME/w");
        for (String decided : List.of("plain", "here", "there")) {
            assertThat(graph.node(decided).deployment().clientExpansion().isEmpty())
                    .isTrue();
        }
    }
}
