package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the Flight Recorder has on a dataflow, read while it runs. */
class FlightRecorderTest {
    /** Longer than a JVM that is busy takes to load what a first message needs. */
    private static final Duration SLOW = Duration.ofMillis(500);

    private final Queue<RecordedEvent> events = new ConcurrentLinkedQueue<>();

    /** Stands still at its first message until it is let go, and fails at the second one. */
    private static final class Slow implements Operator {
        private final CountDownLatch isLetGo;
        private int count;

        Slow(CountDownLatch isLetGo) {
            this.isLetGo = isLetGo;
        }

        @Override
        public void onInput(Input input, Message message) throws InterruptedException {
            if (++count == 2) {
                throw new IllegalStateException("two are too many");
            }
            assertThat(isLetGo.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private RecordedEvent await(String name, String... fields) {
        return Awaitility.await(name)
                .atMost(Duration.ofMinutes(1))
                .until(() -> find(name, fields), found -> found != null);
    }

    private RecordedEvent find(String name, String... fields) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.millrace." + name))
                .filter(event -> matches(event, fields))
                .findFirst()
                .orElse(null);
    }

    private static boolean matches(RecordedEvent event, String[] fields) {
        for (int i = 0; i < fields.length; i += 2) {
            if (!fields[i + 1].equals(event.getString(fields[i]))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldRecordStatesDropsFailuresAndSlowHandling() throws Exception {
        CountDownLatch isLetGo = new CountDownLatch(1);
        Dataflow dataflow = Dataflow.builder("flight")
                .operator(
                        "slow",
                        () -> new Slow(isLetGo),
                        node -> node.input("in", "millrace/app/in", QueuePolicy.DROP_OLDEST, 1))
                .build();
        StartOptions options =
                StartOptions.builder().slowHandling(SLOW).keepAlive(false).build();
        try (RecordingStream stream = new RecordingStream()) {
            stream.setReuse(false);
            stream.onEvent(events::add);
            stream.startAsync();
            try (RunningDataflow running = dataflow.start(options)) {
                Publisher in = running.publisher("in");
                in.send("first", Duration.ofMinutes(1));
                RecordedEvent slow = await("SlowHandling", "dataflow", "flight", "node", "slow");
                assertThat(slow.getDuration("lasted")).isGreaterThanOrEqualTo(SLOW);
                assertThat(slow.getString("position")).contains("FlightRecorderTest$Slow.onInput");
                assertThat(slow.getThread("nodeThread").getJavaName()).isEqualTo("millrace-flight-slow");
                in.send("second", Duration.ofMinutes(1));
                in.send("third", Duration.ofMinutes(1));
                await("FirstDrop", "dataflow", "flight", "edge", "millrace/app/in -> slow/in");
                isLetGo.countDown();
                assertThat(running.await(Duration.ofMinutes(1)).state()).isEqualTo(DataflowState.FAILED);
            }
            RecordedEvent failed = await("NodeFailed", "node", "slow", "message", "two are too many");
            assertThat(failed.getClass("thrownClass").getName()).isEqualTo("java.lang.IllegalStateException");
            for (String state : new String[] {"opening", "ready", "running", "failed"}) {
                await("NodeState", "dataflow", "flight", "node", "slow", "state", state);
            }
            for (String state : new String[] {"running", "failed"}) {
                await("DataflowState", "dataflow", "flight", "state", state);
            }
        }
    }

    /** Its first incarnation stands still at its first message, until it is interrupted. */
    public static final class Fragile implements Operator {
        private final CountDownLatch never = new CountDownLatch(1);
        private int incarnation;

        @Override
        public void open(NodeContext context) {
            incarnation = context.incarnation();
        }

        @Override
        public void onInput(Input input, Message message) throws InterruptedException {
            if (incarnation == 0) {
                never.await();
            }
        }
    }

    @Test
    void shouldRecordStuckNodesAndRestarts() throws Exception {
        Dataflow dataflow = Dataflow.parse("""
                name: fragile
                nodes:
                  - id: node
                    class: io.millrace.local.FlightRecorderTest$Fragile
                    restart_policy: on-failure
                    health_check_timeout: 30ms
                    inputs: {in: millrace/app/in}
                """);
        try (RecordingStream stream = new RecordingStream()) {
            stream.setReuse(false);
            stream.onEvent(events::add);
            stream.startAsync();
            try (RunningDataflow running =
                    dataflow.start(StartOptions.builder().keepAlive(false).build())) {
                running.publisher("in").send("first", Duration.ofMinutes(1));
                RecordedEvent stuck = await("NodeStuck", "dataflow", "fragile", "node", "node");
                assertThat(stuck.getDuration("stuckFor")).isGreaterThanOrEqualTo(Duration.ofMillis(30));
                assertThat(stuck.getString("position")).contains("FlightRecorderTest$Fragile.onInput");
                RecordedEvent restarted = await("NodeRestarted", "dataflow", "fragile", "node", "node");
                assertThat(restarted.getInt("incarnation")).isEqualTo(1);
            }
        }
    }
}
