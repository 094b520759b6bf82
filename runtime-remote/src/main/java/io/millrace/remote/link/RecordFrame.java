package io.millrace.remote.link;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeReader;
import java.nio.ByteBuffer;

/** Puts messages that wait in a ring into one DATA frame: what a frame costs at both ends is spread over them. On the event loop. */
final class RecordFrame {
    private int count;
    private int bytes;

    /**
     * Begins with the message in hand, and takes others while that may be, and no notice has its place before them.
     *
     * @param mostMessages at least 1
     * @param mostBytes then no other message is taken
     * @return whether another one is in hand, which has to go into a frame of its own
     */
    boolean fill(
            StreamWriter out,
            int channel,
            long sequence,
            EdgeReader reader,
            DueNotices notices,
            long mostMessages,
            long mostBytes) {
        ByteBuffer source = reader.buffer();
        int offset = reader.recordOffset();
        int length = RecordLayout.recordLength(source, offset);
        int messages = 0;
        boolean isInHand;
        out.beginRecords(channel, sequence, length);
        do {
            out.addRecord(source, offset, length);
            messages++;
            isInHand = messages < mostMessages && out.frameLength() < mostBytes && reader.next();
            if (isInHand) {
                offset = reader.recordOffset();
                length = RecordLayout.recordLength(source, offset);
            }
        } while (isInHand && reader.slab() == null && out.fits(length) && notices.isEmpty());
        bytes = out.frameLength() - Frames.BODY_OFFSET;
        count = messages;
        out.endRecords();
        return isInHand;
    }

    /** Messages in the last one. */
    int count() {
        return count;
    }

    /** Of their records. */
    int bytes() {
        return bytes;
    }
}
