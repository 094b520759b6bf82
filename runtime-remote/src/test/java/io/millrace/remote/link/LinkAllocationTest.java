package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.graph.QueuePolicy;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MESSAGES = 100_000;
    /** Netty's own for each read and write, spread over the messages of a batch; one small object for each message would be more. */
    private static final double MOST_BYTES_A_MESSAGE = 12;

    @Test
    void shouldAllocateNothingForAMessageWhenMessagesFlow() throws Exception {
        try (LinkPair pair = new LinkPair(LinkPair.SETTINGS)) {
            LinkPair.Flow flow =
                    pair.flow("x/out -> y/in", QueuePolicy.BACKPRESSURE, 4096).open();
            double least = Double.MAX_VALUE;
            for (int pass = 0; pass < 6; pass++) {
                long before = allocatedByLoops();
                carry(flow);
                least = Math.min(least, (double) (allocatedByLoops() - before) / MESSAGES);
            }
            assertThat(least).as("bytes a message, both ends").isLessThan(MOST_BYTES_A_MESSAGE);
        }
    }

    private static void carry(LinkPair.Flow flow) throws Exception {
        CompletableFuture<Void> consumer = CompletableFuture.runAsync(() -> {
            flow.consumerSignal.bind(Thread.currentThread());
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(flow.take()).isTrue();
            }
        });
        for (int i = 0; i < MESSAGES; i++) {
            flow.send(i, 64);
        }
        consumer.get(60, TimeUnit.SECONDS);
    }

    private static long allocatedByLoops() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("millrace-net-"))
                .mapToLong(thread -> THREADS.getThreadAllocatedBytes(thread.getThreadId()))
                .sum();
    }
}
