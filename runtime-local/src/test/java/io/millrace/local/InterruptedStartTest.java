package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowStartException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InterruptedStartTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private final class Slow implements Operator {
        @Override
        public void open(NodeContext context) throws InterruptedException {
            begun.countDown();
            mayGoOn.await();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void shouldEndWhatWasStartedWhenTheCallerIsInterruptedWhileANodeOpens() throws Exception {
        Dataflow dataflow = Dataflow.builder("slow")
                .operator("slow", Slow::new, node -> node.input("in", "millrace/app/in"))
                .build();
        CompletableFuture<Boolean> isFlagged = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                dataflow.start().close();
            } catch (DataflowStartException e) {
                isFlagged.complete(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        begun.await();

        caller.interrupt();

        assertThat(isFlagged.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(closed.getCount()).isOne();
        mayGoOn.countDown();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
