package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

/** Nodes that are programs: real processes, which speak dora's protocol with the client of these tests. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ProgramsTest {
    private static final StartOptions OPTIONS =
            StartOptions.builder().keepAlive(false).build();

    private final String name = "programs" + System.identityHashCode(this);

    @AfterEach
    void leaveNoThread() {
        Threads.awaitNone("millrace-" + name);
    }

    /** A dataflow of one program with an input and an output. */
    private Dataflow flow(String program, String... keys) {
        return Dataflow.parse("name: " + name + "\nnodes:\n" + node("prog", program, keys)
                + "    inputs:\n      in: {source: millrace/app/in, queue_policy: backpressure, queue_size: 100}\n"
                + "    outputs: [out]\n");
    }

    static String node(String id, String program, String... keys) {
        return "  - id: " + id + "\n    path: " + java() + "\n    args: >-\n      " + arguments(program) + "\n"
                + Stream.of(keys).map(key -> "    " + key + "\n").collect(Collectors.joining());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String arguments(String program) {
        String classPath = Stream.of(FakeProgram.class, NodeAgent.class, Message.class, Logger.class)
                .map(ProgramsTest::location)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        return "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp '" + classPath + "' "
                + FakeProgram.class.getName() + " " + program;
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> take(Subscription from, int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            assertThat(from.poll(message -> texts.add(message.text()), Threads.DEADLINE))
                    .as("messages after %s", texts)
                    .isPositive();
        }
        return texts;
    }

    @Test
    void shouldPassBytesAndParametersThroughAProgram() throws Exception {
        try (RunningDataflow running = flow("echo").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            Parameters parameters = Parameters.of("gain", 0.5).with("name", "x");
            assertThat(running.publisher("in").offer(ByteBuffer.wrap(new byte[] {1, 2, 3}), parameters))
                    .isEqualTo(SendResult.ACCEPTED);
            AtomicReference<Parameters> seen = new AtomicReference<>();
            List<byte[]> bytes = new ArrayList<>();
            while (bytes.isEmpty()) {
                out.poll(
                        message -> {
                            bytes.add(message.toByteArray());
                            seen.set(message.parameters());
                        },
                        Threads.DEADLINE);
            }
            assertThat(bytes).containsExactly(new byte[] {1, 2, 3});
            assertThat(seen.get().asMap()).isEqualTo(parameters.asMap());
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldLoseNothingAndKeepTheOrderWhenEveryEdgeIsUnderBackpressure() throws Exception {
        int count = 3_000;
        try (RunningDataflow running = flow("echo").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(10));
            Thread feeding = new Thread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        running.publisher("in").send(Integer.toString(i), Threads.DEADLINE);
                    }
                    running.publisher("in").close();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            feeding.start();
            List<String> expected = IntStream.range(0, count).mapToObj(Integer::toString).toList();
            assertThat(take(out, count)).isEqualTo(expected);
            feeding.join();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldStopReadingAProgramWhenItsOutputIsFull() throws Exception {
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = flow("source 20000").start(options)) {
            List<Integer> numbers = new ArrayList<>();
            while (numbers.size() < 20_000) {
                assertThat(out.get().poll(message -> numbers.add(message.getInt(0)), Threads.DEADLINE))
                        .isPositive();
            }
            assertThat(numbers).isEqualTo(IntStream.range(0, 20_000).boxed().toList());
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }
}
