package io.millrace.local.isolated;

import io.millrace.layout.MessageView;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.local.dora.ProtocolException;
import io.millrace.node.Message;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The message that an operator or node has in hand: its record, in memory of its own. Used by the node's thread only. */
final class Hand {
    private static final int INITIAL_BYTES = 4096;

    private final MessageView view = new MessageView();
    private ByteBuffer record = ByteBuffer.allocate(INITIAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer readOnly = record.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private int filled;
    private int length;

    /** Takes a record's first piece; the message before is no longer valid. */
    void begin(PacketReader in) {
        release();
        length = in.i32();
        if (length < RecordLayout.HEADER_LENGTH || length > mostBytes()) {
            throw new ProtocolException("expected the length of a record, found " + length);
        }
        makeRoom(length);
        filled = 0;
        add(in);
    }

    /** Takes the next piece. */
    void add(PacketReader in) {
        ByteBuffer piece = in.slice();
        if (piece.remaining() > length - filled || piece.remaining() == 0 && filled < length) {
            throw new ProtocolException("expected a piece of the " + (length - filled)
                    + " bytes that are missing, found " + piece.remaining());
        }
        record.put(filled, piece, 0, piece.remaining());
        filled += piece.remaining();
    }

    boolean isComplete() {
        return filled == length;
    }

    int filled() {
        return filled;
    }

    MessageView message() {
        if (RecordLayout.isReference(record, 0) || RecordLayout.recordLength(record, 0) != length) {
            throw new ProtocolException("expected a whole record of " + length + " bytes");
        }
        return view.wrap(readOnly, 0, null);
    }

    boolean isOf(Message message) {
        return message == view;
    }

    /** From now on whoever reads the message is told that it is too late. */
    void release() {
        view.invalidate();
    }

    private static int mostBytes() {
        return RecordLayout.HEADER_LENGTH
                + RecordLayout.bodyLength(ParameterCodec.MAX_BLOCK_BYTES, Output.MAX_PAYLOAD_BYTES);
    }

    private void makeRoom(int bytes) {
        boolean isWasteful = record.capacity() > Limits.KEPT_BYTES && bytes <= Limits.KEPT_BYTES;
        if (bytes > record.capacity() || isWasteful) {
            int capacity =
                    bytes <= Limits.KEPT_BYTES ? Integer.highestOneBit(Math.max(bytes, INITIAL_BYTES) - 1) << 1 : bytes;
            record = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
            readOnly = record.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
