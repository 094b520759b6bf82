package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.local.run.JoinedParts;
import io.millrace.local.waiting.Threads;
import io.millrace.runtime.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody asks for of a single node that is a program. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProgramRequestsTest {
    private final String name = "requests" + System.identityHashCode(this);

    @BeforeEach
    void shouldHaveASupervisor() {
        NeedsSupervisor.assume();
    }

    @AfterEach
    void leaveNoThread() {
        Threads.awaitNone("millrace-" + name);
    }

    @Test
    void shouldTellAProgramToStopWhenItIsToBeStartedAnew() throws Exception {
        Graph graph = Dataflow.parse("name: " + name + "\nnodes:\n" + ProgramsTest.node("prog", "events")
                        + "    inputs: {tick: dora/timer/millis/20}\n    outputs: [out]\n")
                .graph();
        try (PartOfPrograms programs = new PartOfPrograms(graph, "prog", JoinedParts.files(graph))) {
            Subscription out = programs.run("prog/out");
            assertThat(ProgramsTest.take(out, 1)).containsExactly("Input tick nothing");

            programs.part().restartNode("prog");

            List<String> seen = new ArrayList<>();
            while (!seen.contains("Stop[]")) {
                seen.addAll(ProgramsTest.take(out, 1));
            }
            assertThat(ProgramsTest.take(out, 1)).containsExactly("Input tick nothing");
            assertThat(programs.part().running().status().node("prog").incarnation())
                    .isEqualTo(1);
        }
    }
}
