package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a dataflow leaves behind in the application's process: nothing. */
class StartCloseTest {
    private static final int ROUNDS = 1_000;
    private static final int WARM_UP_ROUNDS = 50;

    /** Sends until nobody listens. */
    public static final class Source implements Node {
        @Override
        public void run(NodeContext context) {
            while (!context.isStopping()) {
                context.output("out").send("ping");
                context.poll();
            }
        }
    }

    /** Passes everything on. */
    public static final class Relay implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext nodeContext) {
            context = nodeContext;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.output("out").send(message.text());
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenStartedAndClosedAThousandTimes() throws Exception {
        Assumptions.assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
                "file descriptors can be counted on Unix only");
        Dataflow dataflow = Dataflow.builder("again")
                .node("source", Source::new, node -> node.output("out"))
                .operator(
                        "relay",
                        Relay::new,
                        node -> node.input("in", "source/out", QueuePolicy.BACKPRESSURE, 10)
                                .input("app", "millrace/app/words")
                                .input("tick", "dora/timer/millis/10")
                                .output("out"))
                .build();
        startAndClose(dataflow, WARM_UP_ROUNDS);
        int threadsBefore = Thread.getAllStackTraces().size();
        long descriptorsBefore = descriptors();
        long directBefore = directBytesAfterCollection(Long.MAX_VALUE);

        startAndClose(dataflow, ROUNDS);

        Awaitility.await("every thread has ended")
                .pollInSameThread()
                .atMost(Duration.ofSeconds(10))
                .until(() -> Thread.getAllStackTraces().size() <= threadsBefore);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("millrace-again"));
        assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore);
        assertThat(directBytesAfterCollection(directBefore)).isLessThanOrEqualTo(directBefore);
    }

    private static void startAndClose(Dataflow dataflow, int rounds) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            try (RunningDataflow running = dataflow.start();
                    Subscription words = running.subscribe("relay/out", SubscribeOptions.latest())) {
                running.publisher("words").send("round", Duration.ofSeconds(5));
                assertThat(words.poll(word -> {}, Duration.ofSeconds(10))).isPositive();
            }
        }
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** Buffers are freed some time after a collection has found them: waits until as few are left, or nothing changes any more. */
    private static long directBytesAfterCollection(long wanted) {
        long least = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 5 && least > wanted || unchanged < 2; unchanged++) {
            System.gc();
            long now = directBytes();
            if (now < least) {
                least = now;
                unchanged = 0;
            }
        }
        return least;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
