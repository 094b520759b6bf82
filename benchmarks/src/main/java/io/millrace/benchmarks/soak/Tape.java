package io.millrace.benchmarks.soak;

import io.millrace.node.Message;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at every message of one input: its bytes, and whether it follows the one before. One thread at a time. */
final class Tape {
    private final Ledger ledger;
    private final String input;
    private final boolean isLossless;
    private final AtomicLong received;
    private final AtomicLong bytes;
    private int incarnation;
    private long sequence = -1;

    Tape(Ledger ledger, String input, boolean isLossless) {
        this.ledger = ledger;
        this.input = input;
        this.isLossless = isLossless;
        this.received = ledger.count(input + " received");
        this.bytes = ledger.count(input + " bytes");
    }

    void see(Message message) {
        received.lazySet(received.get() + 1);
        bytes.lazySet(bytes.get() + message.length());
        Content.check(message, ledger, input);
        if (message.incarnation() != incarnation) {
            turn(message);
        }
        long skipped = message.sequence() - sequence - 1;
        if (skipped < 0 || (skipped > 0 && isLossless)) {
            ledger.wrong(input + ": expected message " + (sequence + 1) + " of incarnation " + incarnation + ", found "
                    + message.sequence());
        }
        sequence = message.sequence();
    }

    private void turn(Message message) {
        if (message.incarnation() < incarnation) {
            ledger.wrong(input + ": a message of incarnation " + message.incarnation() + " came after one of "
                    + incarnation);
        }
        incarnation = message.incarnation();
        sequence = -1;
    }
}
