package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowResult.Failure;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final NodeStatus FEED = new NodeStatus("feed", NodeState.FINISHED, 0, 0, 52_311, 0, 0, 0);
    private static final EdgeStatus EDGE = new EdgeStatus("feed/out -> parser/in", "ring", 52_311, 52_300, 11, 0, 0, 3);

    private static Summary summary(DataflowState state, NodeStatus parser, Failure... failures) {
        DataflowStatus status = new DataflowStatus("marine", state, List.of(FEED, parser), List.of(EDGE));
        return new Summary(new DataflowResult(state, List.of(failures), status), Duration.ofMillis(2_310));
    }

    private static NodeStatus parser(NodeState state) {
        return new NodeStatus("parser", state, 0, 52_300, 9, 11, 1_204, 8_400);
    }

    @Test
    void shouldHaveARowForEachNodeWhenFinished() {
        assertThat(summary(DataflowState.FINISHED, parser(NodeState.FINISHED)).toText())
                .isEqualTo("""
                        dataflow 'marine' finished after 2.31 s

                        node    received    sent  dropped      p50      p99
                        feed           0  52,311        0        -        -
                        parser    52,300       9       11  1.20 us  8.40 us
                        """);
    }

    @Test
    void shouldNameCauseAndStatesWhenFailed() {
        Failure failure = new Failure("parser", new IllegalStateException("bad\nsentence"));

        assertThat(summary(DataflowState.FAILED, parser(NodeState.FAILED), failure)
                        .toText())
                .isEqualTo("""
                        dataflow 'marine' failed after 2.31 s: node 'parser': java.lang.IllegalStateException: bad sentence

                        node    state     received    sent  dropped      p50      p99
                        feed    finished         0  52,311        0        -        -
                        parser  failed      52,300       9       11  1.20 us  8.40 us
                        """);
    }

    @Test
    void shouldShowRestartsWhenThereWereSome() {
        NodeStatus restarted = new NodeStatus("parser", NodeState.FINISHED, 2, 52_300, 9, 11, 1_204, 8_400);

        assertThat(summary(DataflowState.FINISHED, restarted).toText()).isEqualTo("""
                        dataflow 'marine' finished after 2.31 s

                        node    restarts  received    sent  dropped      p50      p99
                        feed           0         0  52,311        0        -        -
                        parser         2    52,300       9       11  1.20 us  8.40 us
                        """);
    }

    @Test
    void shouldHaveNoStatesWhenAllWereStopped() {
        assertThat(summary(DataflowState.STOPPED, parser(NodeState.STOPPED)).toText())
                .contains("stopped after")
                .doesNotContain("state");
    }

    @Test
    void shouldHoldEveryCounterWhenWrittenAsJson() {
        Failure failure = new Failure("parser", new IllegalStateException("bad"));

        assertThat(Json.write(summary(DataflowState.FAILED, parser(NodeState.FAILED), failure)
                        .toJson(1)))
                .isEqualTo("""
                        {
                          "dataflow": "marine",
                          "state": "failed",
                          "exitCode": 1,
                          "elapsedSeconds": 2.31,
                          "nodes": [
                            {
                              "node": "feed",
                              "state": "finished",
                              "incarnation": 0,
                              "received": 0,
                              "sent": 52311,
                              "dropped": 0,
                              "handlingP50Ns": 0,
                              "handlingP99Ns": 0
                            },
                            {
                              "node": "parser",
                              "state": "failed",
                              "incarnation": 0,
                              "received": 52300,
                              "sent": 9,
                              "dropped": 11,
                              "handlingP50Ns": 1204,
                              "handlingP99Ns": 8400
                            }
                          ],
                          "edges": [
                            {
                              "edge": "feed/out -> parser/in",
                              "form": "ring",
                              "sent": 52311,
                              "received": 52300,
                              "dropped": 11,
                              "conflated": 0,
                              "discarded": 0,
                              "droppedForMemory": 3
                            }
                          ],
                          "failures": [
                            {
                              "node": "parser",
                              "exception": "java.lang.IllegalStateException",
                              "message": "bad"
                            }
                          ]
                        }
                        """);
    }
}
