package io.millrace.remote.link;

/**
 * How much of a lossy edge is under way: what was sent and has not arrived, by the link's own acknowledgements. Exact to some {@value #STEP_BYTES} bytes, or a message. On the event loop.
 *
 * <p>Now and then it notes how much the edge had sent at a position of the stream; when that is acknowledged, so much has arrived.
 */
final class UnderWay {
    private static final int STEP_BYTES = 64 * 1024;
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_MESSAGES = 4;
    private static final int MARKS = 32;

    private final long[] positions = new long[MARKS];
    private final long[] bytesThere = new long[MARKS];
    private final long[] messagesThere = new long[MARKS];
    private int first;
    private int count;

    private long bytes;
    private long messages;
    private long arrivedBytes;
    private long arrivedMessages;

    /** Messages of so many bytes together, which end at this position of the stream. */
    void onSent(long position, int more, long length) {
        bytes += length;
        messages += more;
        int last = (first + count - 1) & (MARKS - 1);
        long noted = count == 0 ? arrivedBytes : bytesThere[last];
        if (bytes - noted < STEP_BYTES) {
            return;
        }
        if (count < MARKS) {
            count++;
        }
        int mark = (first + count - 1) & (MARKS - 1); // where all are taken, the last one moves on
        positions[mark] = position;
        bytesThere[mark] = bytes;
        messagesThere[mark] = messages;
    }

    /** Whether one more message may be sent: while less than a MiB, or fewer than four messages, are under way. */
    boolean hasRoom(long acknowledged) {
        if (bytes - arrivedBytes < MAX_BYTES) {
            return true;
        }
        while (count > 0 && positions[first] <= acknowledged) {
            arrivedBytes = bytesThere[first];
            arrivedMessages = messagesThere[first];
            first = (first + 1) & (MARKS - 1);
            count--;
        }
        return bytes - arrivedBytes < MAX_BYTES || messages - arrivedMessages < MAX_MESSAGES;
    }
}
