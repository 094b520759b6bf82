package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.cli.nodes.Counting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace run} from the outside: exit codes, messages, signals. */
@Tag("slow")
class RunProcessTest {
    private static final String NODES = "io.millrace.remote.cli.nodes.";

    @TempDir
    private Path directory;

    private String flow(String counting, String adding) throws IOException {
        String yaml = """
                name: sum
                nodes:
                  - id: count
                    class: %sCounting
                    config: {%s}
                    outputs: [numbers]
                  - id: add
                    class: %sAdding
                    config: {%s}
                    inputs:
                      in: {source: count/numbers, queue_size: 256, queue_policy: backpressure}
                """.formatted(NODES, counting, NODES, adding);
        return file("flow.yml", yaml);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    @Test
    void shouldExitWith0AndATableWhenTheDataflowFinishes() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", flow("count: 1000", ""))) {
            assertThat(run.exitCode()).isZero();

            assertThat(run.err()).isEqualTo("millrace: dataflow 'sum' runs: 2 nodes, 1 edge\n");
            List<String> lines = run.out().lines().toList();
            assertThat(lines.get(0)).isEqualTo("the sum is 499500");
            assertThat(lines.get(1)).matches("dataflow 'sum' finished after [0-9.]+ s");
            assertThat(lines.get(3)).matches("node +received +sent +dropped +p50 +p99");
            assertThat(lines.get(4)).matches("count +0 +1,000 +0 +- +-");
            assertThat(lines.get(5)).matches("add +1,000 +0 +0 +[0-9.]+ [nu]s +[0-9.]+ [num]s");
            assertThat(lines).hasSize(6);
        }
    }

    @Test
    void shouldPrintLinesWhenTopIsNotOnATerminal() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "--top", flow("count: 1000", ""))) {
            assertThat(run.exitCode()).isZero();

            assertThat(run.err()).isEqualTo("millrace: dataflow 'sum' runs: 2 nodes, 1 edge\n");
            assertThat(run.out()).startsWith("the sum is 499500\ndataflow 'sum' finished after ");
        }
    }

    @Test
    void shouldPrintJsonAloneWhenAskedTo() throws Exception {
        String file = file(
                "quiet.yml",
                "nodes:\n  - {id: count, class: " + NODES + "Counting, config: {count: 5}, outputs: [numbers]}\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "--json", "--quiet", file)) {
            assertThat(run.exitCode()).isZero();

            assertThat(run.out())
                    .startsWith("{\n  \"dataflow\": \"quiet\",\n  \"state\": \"finished\",\n  \"exitCode\": 0,\n")
                    .contains("\"sent\": 5,")
                    .endsWith("  \"failures\": []\n}\n");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void shouldExitWith1AndNameTheNodeWhenOneFails() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", flow("count: 1000", "failAt: 7"))) {
            assertThat(run.exitCode()).isEqualTo(1);

            String said = "java.lang.IllegalStateException: I do not like the number 7";
            assertThat(run.err())
                    .contains("millrace: node 'add' failed: " + said)
                    .doesNotContain("\tat ");
            assertThat(run.err().split("I do not like", -1)).as("said once").hasSize(2);
            assertThat(run.out())
                    .containsPattern("dataflow 'sum' failed after [0-9.]+ s: node 'add': " + said)
                    .containsPattern("add +failed +8 ");
        }
    }

    @Test
    void shouldPrintTheStackWhenVerbose() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "-v", flow("count: 1000", "failAt: 7"))) {
            assertThat(run.exitCode()).isEqualTo(1);

            assertThat(run.err()).contains("\tat " + NODES + "Adding.onInput(Adding.java:");
        }
    }

    @Test
    void shouldExitWith1WhenANodeDoesNotOpen() throws Exception {
        String file = file("stuck.yml", "name: stuck\nnodes:\n  - {id: door, class: " + NODES + "NeverOpen}\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", file)) {
            assertThat(run.exitCode()).isEqualTo(1);

            assertThat(run.err())
                    .contains("error: ", "'stuck' did not start", "'door'", "the door is stuck")
                    .doesNotContain("\tat ");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void shouldExitWith2AndEveryProblemWhenTheFileIsBad() throws Exception {
        String file = file("bad.yml", "nodes:\n  - {id: a, clas: x.A}\n  - {id: a, class: x.B}\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "--json", file)) {
            assertThat(run.exitCode()).isEqualTo(2);

            assertThat(run.err()).contains(file + ":2:", file + ":3:").doesNotContain("\tat ");
            assertThat(run.out()).startsWith("{\n  \"state\": \"invalid\",\n  \"exitCode\": 2,\n  \"problems\": [\n");
        }
    }

    @Test
    void shouldNotWarnOfOtherMachinesWhenAllNodesRunHere() throws Exception {
        Path classes = Path.of(Counting.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String file = file("home.yml", """
                nodes:
                  - id: count
                    class: %sCounting
                    classpath: ['%s']
                    config: {count: 1}
                    deploy: {machine: B, local: false}
                    outputs: [numbers]
                """.formatted(NODES, classes));
        try (MillraceProcess run = MillraceProcess.start(directory, "run", file)) {
            assertThat(run.exitCode()).isZero();

            assertThat(run.err()).containsOnlyOnce("home directory").doesNotContain("machine 'B'");
        }
    }

    @Test
    void shouldExitWith2AndAHintWhenAClassIsMissing() throws Exception {
        String file = file("missing.yml", "nodes:\n  - {id: a, class: com.acme.Missing}\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", file)) {
            assertThat(run.exitCode()).isEqualTo(2);

            assertThat(run.err())
                    .contains(file + ":2:10: error: node 'a': class 'com.acme.Missing' is not found")
                    .contains("hint: ", "--class-path", "MILLRACE_CLASSPATH")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void shouldExitWith2AndNameInputsWhenAnApplicationShouldFeedThem() throws Exception {
        String file = file(
                "app.yml",
                "nodes:\n  - id: add\n    class: " + NODES + "Adding\n    inputs:\n      in: millrace/app/numbers\n"
                        + "      more: millrace/app/others\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", file)) {
            assertThat(run.exitCode()).isEqualTo(2);

            assertThat(run.err())
                    .contains(file + ":5:", "'add/in' reads 'millrace/app/numbers'")
                    .contains(file + ":6:", "'add/more' reads 'millrace/app/others'");
        }
    }

    @Test
    void shouldFindClassesWhenAClassPathIsGiven() throws Exception {
        Path source = directory.resolve("Hello.java");
        Files.writeString(source, """
                public class Hello implements io.millrace.node.Node {
                    @Override
                    public void run(io.millrace.node.NodeContext context) {
                        System.out.println("hello from " + context.nodeId());
                    }
                }
                """);
        Path classes = Files.createDirectory(directory.resolve("classes"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, "-proc:none", "-d", classes.toString(), source.toString());
        assertThat(compiled).isZero();
        String file = file("hello.yml", "nodes:\n  - {id: greeter, class: Hello}\n");

        try (MillraceProcess run = MillraceProcess.start(directory, "run", "-cp", "classes", file)) {
            assertThat(run.exitCode()).isZero();

            assertThat(run.out()).startsWith("hello from greeter\n");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldStopInOrderAndExitWith130WhenInterrupted() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", flow("", ""))) {
            run.awaitErr("runs: 2 nodes");
            run.signal("INT");

            assertThat(run.exitCode()).isEqualTo(130);
            assertThat(run.err()).contains("millrace: interrupted; once more to end at once", "millrace: stopping");
            // The node downstream heard that its input closed after the last message, and the summary counts them all.
            assertThat(run.out()).contains("the sum is ", "dataflow 'sum' stopped after ");
            List<String> rows = run.out()
                    .lines()
                    .filter(line -> line.matches("(count|add) .*"))
                    .toList();
            assertThat(rows.get(0).split(" +", -1)[2]).isEqualTo(rows.get(1).split(" +", -1)[1]);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldExitWith143WhenTerminated() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", flow("", ""))) {
            run.awaitErr("runs: 2 nodes");
            run.signal("TERM");

            assertThat(run.exitCode()).isEqualTo(143);
            assertThat(run.out()).contains("dataflow 'sum' stopped after ");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldEndAtOnceWhenInterruptedTwice() throws Exception {
        String file = file("deaf.yml", "nodes:\n  - {id: deaf, class: " + NODES + "Stubborn}\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "--grace", "1h", file)) {
            run.awaitOut("deaf to everything");
            run.awaitErr("runs: 1 node");
            run.signal("INT");
            run.awaitErr("interrupted; once more to end at once");
            assertThat(run.isAlive()).isTrue();
            run.signal("INT");

            assertThat(run.exitCode()).isEqualTo(130);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldEndAfterItsGraceWhenANodeDoesNot() throws Exception {
        String file = file("deaf.yml", "nodes:\n  - {id: deaf, class: " + NODES + "Stubborn}\n");
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "--grace", "200ms", file)) {
            run.awaitOut("deaf to everything");
            run.awaitErr("runs: 1 node");
            run.signal("INT");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("node 'deaf'");
            assertThat(run.out()).containsPattern("deaf +abandoned");
        }
    }
}
