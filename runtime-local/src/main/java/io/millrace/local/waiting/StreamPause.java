package io.millrace.local.waiting;

import io.millrace.layout.Padding;

/**
 * Keeps a consumer from running close behind a producer that sends without a pause. There both are slow, by a factor of three or four: the consumer looks at, and its
 * processor fetches ahead, the very cache lines that the producer is about to write, and each takes them away from the other. It is a state that lasts, for neither gets away.
 *
 * <p>So who finds nothing left in the middle of a dense stream does nothing for a few microseconds, in which messages gather that are then read far from where the
 * producer writes. A stream is dense when messages come by twos and more with next to nothing between them. Single messages, as of a question and its answer, never
 * meet a pause, nor do the first {@value #STREAM} of a burst.
 *
 * <p>Used by the node's thread.
 */
public class StreamPause extends Padding {
    private static final int STREAM = 256;

    /** In a row without a message: more are a gap, not a stream. */
    private static final int GAP_CYCLES = 16;

    /** Some 5 us, or two hundred messages. */
    private static final int SPINS = 128;

    /** A queue that is much deeper than what its consumer takes meanwhile may be left alone for so long. */
    private static final int SPINS_WHEN_FULL = 64;

    private static final int DEPTH_PER_SPIN = 16;

    private final boolean isOn;

    private long run; // messages since the last idle cycle
    private long stream; // messages since the last gap, without this run
    private int idleCycles;

    /** @param isOn whether the thread may keep its core without work */
    StreamPause(boolean isOn) {
        this.isOn = isOn;
    }

    public void onMessage() {
        run++;
    }

    /** A cycle found no message: blocks for a few microseconds, if that helps. */
    public void onIdleCycle() {
        if (isDue()) {
            spin(SPINS);
        }
    }

    /**
     * A queue of the node's has no room: blocks for as long as it takes its consumer to make room for a number of messages, a small part of the queue. Who looks for
     * room all the time finds room for one or two each time, and takes the line from the consumer that has to write there for every message.
     *
     * @param depth messages that wait in it
     */
    public void onFull(int depth) {
        if (isOn) {
            spin(Math.min(SPINS_WHEN_FULL, depth / DEPTH_PER_SPIN));
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    /** A cycle found no message: whether it is to be followed by a pause. */
    boolean isDue() {
        if (run == 0) {
            idleCycles++;
            stream = idleCycles > GAP_CYCLES ? 0 : stream;
            return false;
        }
        stream = run == 1 ? 0 : stream + run;
        run = 0;
        idleCycles = 0;
        return isOn && stream >= STREAM;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends StreamPause {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(boolean isOn) {
            super(isOn);
        }
    }
}
