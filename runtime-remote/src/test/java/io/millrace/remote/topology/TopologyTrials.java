package io.millrace.remote.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Client, master and two executors, each on the client's host or on another: every row of the working-directory table on every topology, and messages both ways between the
 * executors. Where there can be no namespaces it is skipped, and says why. Two classes, so that two
 * JVMs share the work.
 */
@Tag("slow")
abstract class TopologyTrials {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final String REPORTER = """
            package nodes;

            import io.millrace.node.Node;
            import io.millrace.node.NodeContext;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Reporter implements Node {
                @Override
                public void run(NodeContext context) throws Exception {
                    Path origin = Path.of(getClass().getProtectionDomain().getCodeSource().getLocation().toURI());
                    Path host = Path.of("HERE/hostname");
                    Files.writeString(
                            Path.of(context.config().text("report")),
                            context.workingDirectory() + "\\n" + origin + "\\n" + Files.readString(host));
                }
            }
            """;

    private static final String SCRIPT = """
            #!/bin/sh
            { pwd; echo "$0"; cat "HERE/hostname"; } > "$REPORT"
            """;

    /** Numbers from A to B and back: over links that each side has to reach at an address of the other's. */
    private static final String ROUND = """
            queue_policy: backpressure
            nodes:
              - id: count
                deploy: {machine: A, working_dir: HERE/srv, local: false}
                class: nodes.Count
                outputs: [numbers]
              - id: back
                deploy: {machine: B, working_dir: HERE/srv, local: false}
                operator:
                  class: nodes.Back
                  inputs: {in: count/numbers}
                  outputs: [out]
              - id: sum
                deploy: {machine: A, working_dir: HERE/srv, local: false}
                operator:
                  class: nodes.Back
                  inputs: {in: back/op/out}
                  outputs: [out]
            """;

    /** Two nodes that send until they are stopped: for a client that listens to both. */
    private static final String TICKS = """
            nodes:
              - id: a
                deploy: {machine: A, working_dir: HERE/srv, local: false}
                operator:
                  class: nodes.Tick
                  inputs: {tick: dora/timer/millis/20}
                  outputs: [out]
              - id: b
                deploy: {machine: B, working_dir: HERE/srv, local: false}
                operator:
                  class: nodes.Tick
                  inputs: {tick: dora/timer/millis/20, other: a/op/out}
                  outputs: [out]
            """;

    private static final String TICK = """
            package nodes;

            import io.millrace.node.Input;
            import io.millrace.node.Message;
            import io.millrace.node.NodeContext;
            import io.millrace.node.Operator;

            public class Tick implements Operator {
                private NodeContext context;

                @Override
                public void open(NodeContext opened) {
                    context = opened;
                }

                @Override
                public void onInput(Input input, Message message) {
                    context.output("out").send("on " + context.nodeId());
                }
            }
            """;

    private static final String COUNT = """
            package nodes;

            import io.millrace.node.Node;
            import io.millrace.node.NodeContext;

            public class Count implements Node {
                @Override
                public void run(NodeContext context) {
                    for (int i = 0; i < 1000; i++) {
                        context.output("numbers").send("number " + i);
                    }
                }
            }
            """;

    private static final String BACK = """
            package nodes;

            import io.millrace.node.Input;
            import io.millrace.node.Message;
            import io.millrace.node.NodeContext;
            import io.millrace.node.Operator;

            public class Back implements Operator {
                private NodeContext context;
                private int count;

                @Override
                public void open(NodeContext opened) {
                    context = opened;
                }

                @Override
                public void onInput(Input input, Message message) {
                    if (!message.text().equals("number " + count++)) {
                        throw new IllegalStateException("expected number " + (count - 1) + ", found " + message.text());
                    }
                    context.output("out").send(message.text());
                }

                @Override
                public void onAllInputsClosed() {
                    if (count != 1000) {
                        throw new IllegalStateException("expected 1000 messages, found " + count);
                    }
                }
            }
            """;

    @TempDir
    private Path root;

    @BeforeEach
    void needNamespaces() {
        Optional<String> whyNot = Hosts.whyNot();
        Assumptions.assumeTrue(
                whyNot.isEmpty(), () -> "needs network namespaces and mount views of its own: " + whyNot.orElse(""));
    }

    /** All of it, on one topology. */
    final void play(Topology topology) throws Exception {
        try (Hosts hosts = Hosts.make(root, Topology.HOSTS)) {
            layFilesOut(hosts);
            start(hosts, topology);
            Commands client = hosts.commands(Topology.CLIENT, hosts.shared().resolve("client.log"));
            awaitExecutors(hosts, topology, client);

            SoftAssertions softly = new SoftAssertions();
            int number = 0;
            for (Row row : Rows.all()) {
                for (String machine : List.of("A", "B")) {
                    new Trial(hosts, topology, client, row, machine, "row" + number++).run(softly);
                }
            }
            Commands.Answer round = client.run(command(hosts, topology, write(hosts, "round", ROUND), ""));
            softly.assertThat(round.code())
                    .as("messages between the executors: %s%s", round.err(), logs(hosts))
                    .isZero();
            listen(softly, hosts, topology, client);
            softly.assertAll();
        }
    }

    /** Executors are reached at addresses that others have, wherever they have found their master. */
    private static void listen(SoftAssertions softly, Hosts hosts, Topology topology, Commands client)
            throws IOException {
        List<String> command =
                new ArrayList<>(List.of(command(hosts, topology, write(hosts, "ticks", TICKS), "--detach")));
        Commands.Answer started = client.run(command.toArray(String[]::new));
        softly.assertThat(started.code()).as(started.err()).isZero();
        String[] where = {"--insecure", "--timeout", "60s", "--join", hosts.address(topology.master())};
        for (String node : List.of("a", "b")) {
            command = new ArrayList<>(List.of("echo", node + "/op/out", "--limit", "2"));
            command.addAll(List.of(where));
            Commands.Answer heard = client.run(command.toArray(String[]::new));
            softly.assertThat(heard.out()).as(heard.err() + logs(hosts)).contains("on " + node);
        }
        command = new ArrayList<>(List.of("status"));
        command.addAll(List.of(where));
        String status = client.run(command.toArray(String[]::new)).out();
        for (String machine : List.of("A", "B")) {
            softly.assertThat(status)
                    .containsPattern(machine + " +joined +" + hosts.address(topology.host(machine)) + ":");
        }
        command = new ArrayList<>(List.of("stop", "ticks"));
        command.addAll(List.of(where));
        Commands.Answer stopped = client.run(command.toArray(String[]::new));
        softly.assertThat(stopped.code()).as(stopped.err()).isZero();
    }

    private static void layFilesOut(Hosts hosts) throws IOException {
        Path here = hosts.here();
        Path classes = hosts.shared().resolve("classes");
        compile(hosts.shared().resolve("sources"), classes, "Reporter", REPORTER.replace("HERE", here.toString()));
        compile(hosts.shared().resolve("sources"), classes, "Count", COUNT);
        compile(hosts.shared().resolve("sources"), classes, "Tick", TICK);
        compile(hosts.shared().resolve("sources"), classes, "Back", BACK);
        Files.createDirectories(hosts.shared().resolve("reports"));
        for (int host = 0; host < Topology.HOSTS; host++) {
            Path contents = hosts.contents(host);
            Files.createDirectories(contents.resolve("home"));
            Files.writeString(contents.resolve("hostname"), "host" + host + "\n");
            List<String> places = new ArrayList<>(List.of("opt", "srv", "base-A/rel", "base-B/rel"));
            if (host == Topology.CLIENT) {
                places.addAll(List.of("flows", "flows/sub"));
            }
            for (String place : places) {
                copy(
                        classes.resolve("nodes/Reporter.class"),
                        contents.resolve(place).resolve("lib/nodes/Reporter.class"));
                script(contents.resolve(place).resolve("bin/report.sh"), here);
                script(contents.resolve(place).resolve("tool.sh"), here);
            }
        }
    }

    private static void compile(Path sources, Path classes, String name, String text) throws IOException {
        Files.createDirectories(classes);
        Path source = Files.createDirectories(sources.resolve("nodes")).resolve(name + ".java");
        Files.writeString(source, text);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(compiler.run(
                        null, null, null, "-proc:none", "-cp", classPath, "-d", classes.toString(), source.toString()))
                .isZero();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    private static void script(Path file, Path here) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, SCRIPT.replace("HERE", here.toString()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void start(Hosts hosts, Topology topology) throws IOException {
        hosts.start(
                topology.master(),
                hosts.shared().resolve("master.log"),
                "master",
                "--addr",
                "0.0.0.0",
                "--advertise-addr",
                hosts.address(topology.master()),
                "--insecure",
                "--data-dir",
                hosts.shared().resolve("master").toString());
        for (String machine : List.of("A", "B")) {
            int host = topology.host(machine);
            hosts.start(
                    host,
                    hosts.shared().resolve("executor-" + machine + ".log"),
                    "executor",
                    "--machine-id",
                    machine,
                    "--join",
                    host == topology.master() ? "127.0.0.1" : hosts.address(topology.master()),
                    "--addr",
                    machine.equals("A") ? "0.0.0.0:53293" : "0.0.0.0:53294",
                    "--insecure",
                    "--working-dir",
                    hosts.here().resolve("base-" + machine).toString(),
                    "--class-path",
                    hosts.shared().resolve("classes").toString());
        }
    }

    private static void awaitExecutors(Hosts hosts, Topology topology, Commands client) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            Commands.Answer status =
                    client.run("status", "--insecure", "--timeout", "60s", "--join", hosts.address(topology.master()));
            assertThat(status.out())
                    .as(status.err() + logs(hosts))
                    .containsPattern("A +joined")
                    .containsPattern("B +joined");
        });
    }

    private static String logs(Hosts hosts) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("master.log", "executor-A.log", "executor-B.log", "client.log")) {
            try {
                text.append("\n--- ")
                        .append(name)
                        .append('\n')
                        .append(Files.readString(hosts.shared().resolve(name)));
            } catch (IOException e) {
                text.append("cannot be read: ").append(e.getMessage());
            }
        }
        return text.toString();
    }

    private static Path write(Hosts hosts, String name, String text) throws IOException {
        String file = name + ".yml";
        Files.writeString(
                hosts.contents(Topology.CLIENT).resolve("flows").resolve(file),
                text.replace("HERE", hosts.here().toString()));
        return hosts.here().resolve("flows").resolve(file);
    }

    private static String[] command(Hosts hosts, Topology topology, Path flow, String options) {
        List<String> command = new ArrayList<>(List.of(
                "start",
                flow.toString(),
                "--insecure",
                "--timeout",
                "60s",
                "--join",
                hosts.address(topology.master())));
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ")));
        }
        return command.toArray(String[]::new);
    }

    /** One row on one machine of one topology. */
    private record Trial(Hosts hosts, Topology topology, Commands client, Row row, String machine, String name) {
        void run(SoftAssertions softly) throws IOException {
            Path report = hosts.shared().resolve("reports").resolve(name);
            String yaml = "nodes:\n  - id: node\n    " + filled(row.yaml()).replace("REPORT_FILE", report.toString());
            Commands.Answer answer = client.run(command(hosts, topology, write(hosts, name, yaml), row.options()));
            Row.Outcome expected = topology.isLocal(machine) ? row.whereLocal() : row.elsewhere();
            String what =
                    row + " on machine " + machine + " of " + topology + "\n" + yaml + answer.out() + answer.err();
            // What keeps nothing from running is said where it runs.
            boolean isToRun = expected.workingDirectory() != null;
            String heard =
                    isToRun ? Files.readString(hosts.shared().resolve("executor-" + machine + ".log")) : answer.err();
            for (String said : expected.said()) {
                softly.assertThat(heard).as(what).contains(filled(said));
            }
            if (expected.workingDirectory() == null || expected.origin() == null) {
                softly.assertThat(answer.code()).as(what).isEqualTo(2);
                softly.assertThat(report).as(what).doesNotExist();
            } else if (!Files.exists(report)) {
                softly.collectAssertionError(new AssertionError("nothing was reported: " + what));
            } else {
                List<String> lines = Files.readAllLines(report);
                compare(softly, what, lines.get(0), filled(expected.workingDirectory()));
                compare(softly, what, lines.get(1), filled(expected.origin()));
                softly.assertThat(lines.get(2)).as(what).isEqualTo("host" + topology.host(machine));
            }
        }

        private static void compare(SoftAssertions softly, String what, String found, String expected) {
            if (expected.endsWith("*")) {
                softly.assertThat(found).as(what).startsWith(expected.substring(0, expected.length() - 1));
            } else {
                softly.assertThat(found).as(what).isEqualTo(expected);
            }
        }

        private String filled(String text) {
            return Row.filled(text, hosts.here(), machine)
                    .replace("SHARED", hosts.shared().toString());
        }
    }
}
