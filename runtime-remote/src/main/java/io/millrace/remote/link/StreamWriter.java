package io.millrace.remote.link;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;

/** Puts frames of the stream into it, laid out as {@link Frames} says. On the event loop; no allocation but for texts. */
final class StreamWriter {
    private final SendStream stream;

    // The frame of records that is being put together.
    private ByteBuffer records = ByteBuffer.allocate(0);
    private int recordsBegin;
    private int recordsAt;
    private int recordsEnd;

    StreamWriter(SendStream stream) {
        this.stream = stream;
    }

    void open(int channel, EdgeSession session, byte[] job, byte[] edge) {
        int length = Frames.OPEN_LENGTH + job.length + edge.length;
        ByteBuffer out = begin(Frames.OPEN, length, channel);
        int at = stream.at();
        out.putShort(at + 12, (short) job.length);
        out.putShort(at + 14, (short) edge.length);
        out.putLong(at + 16, session.producerEpoch());
        out.putLong(at + 24, session.consumerEpoch());
        out.put(at + Frames.OPEN_LENGTH, job);
        out.put(at + Frames.OPEN_LENGTH + job.length, edge);
        stream.append(length);
    }

    void grant(int type, int channel, int flags, long messages, long bodies) {
        ByteBuffer out = begin(type, Frames.GRANT_LENGTH, channel);
        int at = stream.at();
        out.putInt(at + 12, flags);
        out.putLong(at + 16, messages);
        out.putLong(at + 24, bodies);
        stream.append(Frames.GRANT_LENGTH);
    }

    /** Begins a DATA frame, which has room for this record at least: {@link #addRecord} it, others while {@link #fits}, then {@link #endRecords}. */
    void beginRecords(int channel, long sequence, int recordLength) {
        records = stream.reserve(Frames.BODY_OFFSET + recordLength);
        recordsBegin = stream.at();
        records.putInt(recordsBegin + Frames.CHANNEL_OFFSET, channel);
        records.putInt(recordsBegin + Frames.SEQUENCE_OFFSET, (int) sequence);
        recordsAt = recordsBegin + Frames.BODY_OFFSET;
        recordsEnd = Math.min(recordsAt + Frames.DATA_BYTES, SendStream.CHUNK_BYTES);
    }

    boolean fits(int recordLength) {
        return recordsAt + recordLength <= recordsEnd;
    }

    void addRecord(ByteBuffer source, int offset, int recordLength) {
        records.put(recordsAt, source, offset, recordLength);
        recordsAt += recordLength;
    }

    /** Of the frame that was begun. */
    int frameLength() {
        return recordsAt - recordsBegin;
    }

    void endRecords() {
        int length = frameLength();
        Frames.putHeader(records, recordsBegin, Frames.DATA, length);
        stream.append(length);
    }

    /** The header of a record by reference. */
    void header(int channel, long sequence, ByteBuffer source, int offset) {
        int length = Frames.BODY_OFFSET + RecordLayout.HEADER_LENGTH;
        ByteBuffer out = begin(Frames.BEGIN, length, channel);
        int at = stream.at();
        out.putInt(at + Frames.SEQUENCE_OFFSET, (int) sequence);
        out.put(at + Frames.BODY_OFFSET, source, offset, RecordLayout.HEADER_LENGTH);
        stream.append(length);
    }

    /** @param isCopied else the stream refers to the slab */
    void fragment(int channel, Slab slab, int offset, int count, boolean isCopied) {
        int inChunk = Frames.BODY_OFFSET + (isCopied ? count : 0);
        ByteBuffer out = stream.reserve(inChunk);
        int at = stream.at();
        Frames.putHeader(out, at, Frames.FRAGMENT, Frames.BODY_OFFSET + count);
        out.putInt(at + Frames.CHANNEL_OFFSET, channel);
        out.putInt(at + Frames.SEQUENCE_OFFSET, offset);
        if (isCopied) {
            out.put(at + Frames.BODY_OFFSET, slab.view(), offset, count);
        }
        stream.append(inChunk);
        if (!isCopied) {
            stream.append(slab, offset, count);
        }
    }

    void notice(int channel, Notice notice) {
        ByteBuffer body = Texts.encode(
                notice,
                ByteBuffer.allocate(Frames.MAX_NOTICE_LENGTH - Frames.SEQUENCE_OFFSET)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN));
        int length = Frames.SEQUENCE_OFFSET + body.position();
        ByteBuffer out = begin(Frames.NOTICE, length, channel);
        out.put(stream.at() + Frames.SEQUENCE_OFFSET, body, 0, body.position());
        stream.append(length);
    }

    /** @param type CLOSE or CANCEL */
    void ending(int type, int channel, Ending ending, String reason) {
        byte[] text = Texts.bytes(reason, Frames.MAX_REASON_BYTES);
        int length = Frames.BODY_OFFSET + text.length;
        ByteBuffer out = begin(type, length, channel);
        int at = stream.at();
        out.putShort(at + 12, (short) ending.code());
        out.putShort(at + 14, (short) text.length);
        out.put(at + Frames.BODY_OFFSET, text);
        stream.append(length);
    }

    void closed(int channel) {
        ByteBuffer out = begin(Frames.CLOSED, Frames.CLOSED_LENGTH, channel);
        out.putInt(stream.at() + 12, 0);
        stream.append(Frames.CLOSED_LENGTH);
    }

    private ByteBuffer begin(int type, int length, int channel) {
        ByteBuffer out = stream.reserve(length);
        Frames.putHeader(out, stream.at(), type, length);
        out.putInt(stream.at() + Frames.CHANNEL_OFFSET, channel);
        return out;
    }
}
