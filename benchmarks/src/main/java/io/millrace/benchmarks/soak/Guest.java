package io.millrace.benchmarks.soak;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A small dataflow that is started, used and stopped while the other runs. */
final class Guest {
    private static final int MESSAGES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Guest() {}

    /** Blocks until it has ended. */
    static void visit(Ledger ledger) throws InterruptedException {
        AtomicLong received = new AtomicLong();
        Dataflow dataflow = Dataflow.builder("guest")
                .operator(
                        "counter",
                        () -> new Counter(received),
                        counter -> counter.input("words", "millrace/app/words", QueuePolicy.BACKPRESSURE, 8))
                .build();
        try (RunningDataflow running = dataflow.start()) {
            publish(running, ledger);
            running.await();
        }
        if (received.get() != MESSAGES) {
            ledger.wrong("guest: sent " + MESSAGES + " messages, received " + received);
        }
        ledger.count("guests").incrementAndGet();
    }

    /** Closing the publisher ends the dataflow, when it has taken everything. */
    private static void publish(RunningDataflow running, Ledger ledger) throws InterruptedException {
        try (Publisher words = running.publisher("words")) {
            ByteBuffer payload = ByteBuffer.allocate(Long.BYTES);
            for (int i = 0; i < MESSAGES; i++) {
                SendResult result = words.send(payload, PATIENCE);
                if (result != SendResult.ACCEPTED) {
                    ledger.wrong("guest: message " + i + " was " + result);
                }
            }
        }
    }

    private record Counter(AtomicLong received) implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            received.incrementAndGet();
        }
    }
}
