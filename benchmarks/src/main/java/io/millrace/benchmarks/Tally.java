package io.millrace.benchmarks;

import io.millrace.layout.Padding;
import io.millrace.node.Message;
import org.HdrHistogram.Histogram;

/**
 * Checks the messages of a stream, takes the time of every {@value #CHUNK} of them, and says when the last one of an order has come. Used by the
 * consumer's thread only.
 */
class Tally extends Padding {
    /** Short beside the time for which a scheduler lets a thread run, so that most chunks come without an interruption; orders are multiples of it. */
    static final int CHUNK = 10_000;

    private final Orders orders;
    private final int length;
    private final long last;
    private final Histogram nanosecondsAChunk;
    private long expected;
    private long chunkBeginNs;

    Tally(Orders orders, int length, Histogram nanosecondsAChunk) {
        this.orders = orders;
        this.length = length;
        this.last = Payload.last(length);
        this.nanosecondsAChunk = nanosecondsAChunk;
    }

    void onMessage(Message message) {
        onMessage(message.getLong(0), message.getLong(length - Long.BYTES));
    }

    /** @param left the message's first eight bytes */
    void onMessage(long left, long lastBytes) {
        if (expected == 0) {
            expected = left;
            chunkBeginNs = System.nanoTime();
        } else {
            expected--;
        }
        Payload.check(expected, left, last, lastBytes);
        if (left % CHUNK == 0) {
            endChunk(left);
        }
    }

    private void endChunk(long left) {
        long nowNs = System.nanoTime();
        nanosecondsAChunk.recordValue(nowNs - chunkBeginNs);
        chunkBeginNs = nowNs;
        if (left == 0) {
            orders.done();
        }
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends Tally {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(Orders orders, int length, Histogram nanosecondsAChunk) {
            super(orders, length, nanosecondsAChunk);
        }
    }
}
