package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.files.UserDirectory;
import io.millrace.local.code.Compiled;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.local.waiting.Threads;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose files are to be shipped, started by the process that has them. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ShippedNodesTest {
    private final String name = "shipped" + System.identityHashCode(this);

    @TempDir
    private Path flowDir;

    @BeforeEach
    void shouldHaveASupervisor() {
        NeedsSupervisor.assume();
    }

    @AfterEach
    void leaveNoThread() {
        Threads.awaitNone("millrace-" + name);
    }

    private Dataflow flow(String node) {
        LoadOptions options = LoadOptions.builder().directory(flowDir).build();
        return Dataflow.parse("name: " + name + "\nnodes:\n" + node, options);
    }

    private Path script(String file, String program, String arguments) throws IOException {
        Path script = flowDir.resolve(file);
        Files.createDirectories(script.getParent());
        String command = ProgramsTest.java() + " " + ProgramsTest.arguments(program);
        Files.writeString(script, "#!/bin/sh\n" + arguments + "exec " + command + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    /** What the node says in its first message. */
    private static String run(Dataflow flow, String output) throws Exception {
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = StartOptions.builder()
                .keepAlive(false)
                .whenOpen(open -> out.set(open.subscribe(output, SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = flow.start(options)) {
            String first = ProgramsTest.take(out.get(), 1).get(0);
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            return first;
        }
    }

    @Test
    void shouldRunAShippedProgramInADirectoryOfItsOwn() throws Exception {
        script("tool.sh", "place", "");
        Dataflow flow = flow("  - {id: a, path: ./tool.sh, outputs: [out], deploy: {distribute: ship}}\n");

        assertThat(run(flow, "a/out")).startsWith(UserDirectory.path() + "/" + name);
    }

    @Test
    void shouldHandAShippedOperatorsScriptOverAsItWasFound() throws Exception {
        script("venv/bin/python", "operator", "[ \"$1\" = --version ] && echo Python 3.12.0 && exit\n");
        Files.writeString(flowDir.resolve("double.py"), "class Operator: ...");
        Dataflow flow = flow("""
                  - id: a
                    env: {VIRTUAL_ENV: %s}
                    deploy: {distribute: ship}
                    operator: {python: double.py, outputs: [out]}
                """.formatted(flowDir.resolve("venv")));

        assertThat(run(flow, "a/op/out")).isEqualTo("class Operator: ...");
    }

    @Test
    void shouldLoadAShippedClass() throws Exception {
        new Compiled(flowDir).source("app.Speaker", """
                package app;
                public class Speaker implements io.millrace.node.Node {
                    @Override public void run(io.millrace.node.NodeContext context) {
                        context.output("out").send("shipped");
                    }
                }
                """).compile();
        Dataflow flow = flow("  - {id: a, class: app.Speaker, classpath: [classes], outputs: [out],"
                + " deploy: {distribute: ship}}\n");

        assertThat(run(flow, "a/out")).isEqualTo("shipped");
    }
}
