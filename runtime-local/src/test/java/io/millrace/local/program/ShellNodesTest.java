package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Graph;
import io.millrace.local.part.PartFiles;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.local.run.JoinedParts;
import io.millrace.local.waiting.Threads;
import io.millrace.workdir.ExecutorFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are lines of a shell. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShellNodesTest {
    private final String name = "shell" + System.identityHashCode(this);

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

    private Dataflow flow() throws IOException {
        Files.writeString(flowDir.resolve("here.txt"), "");
        String line = "test -f here.txt && exec " + ProgramsTest.java() + " " + ProgramsTest.arguments("place");
        LoadOptions options = LoadOptions.builder().directory(flowDir).build();
        return Dataflow.parse(
                "name: " + name + "\nnodes:\n  - id: prog\n    path: shell\n    args: >-\n      " + line
                        + "\n    outputs: [out]\n",
                options);
    }

    private static PartFiles withShell(PartFiles files) {
        ExecutorFacts executor = files.executor();
        return new PartFiles(
                files.job(),
                new ExecutorFacts(
                        executor.machine(),
                        executor.operatingSystem(),
                        executor.baseDirectory(),
                        executor.home(),
                        executor.searchPath(),
                        executor.requireWorkingDir(),
                        true,
                        executor.files()));
    }

    @Test
    void shouldRunALineOfAShellInTheNodesDirectoryWhenThatIsAllowed() throws Exception {
        Graph graph = flow().graph();
        try (PartOfPrograms programs = new PartOfPrograms(graph, "prog", withShell(JoinedParts.files(graph)))) {
            assertThat(ProgramsTest.take(programs.run("prog/out"), 1)).containsExactly(flowDir.toString());
        }
    }

    @Test
    void shouldSayHowToAllowAShellWhenNobodyHas() throws Exception {
        Assumptions.assumeThat(System.getenv("DORA_ALLOW_SHELL_NODES")).isNull();
        Dataflow flow = flow();

        assertThatThrownBy(flow::start)
                .hasMessageContaining("node 'prog' runs a shell, which is not allowed on machine 'this machine'")
                .hasMessageContaining("DORA_ALLOW_SHELL_NODES=true");
    }
}
