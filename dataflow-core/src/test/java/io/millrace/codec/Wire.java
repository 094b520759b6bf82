package io.millrace.codec;

import io.millrace.layout.ClaimView;
import io.millrace.layout.MessageView;
import io.millrace.layout.RecordLayout;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An output that keeps the last message, to be read as a receiver sees it. Allocates nothing after it was made. */
final class Wire implements Output {
    /** Not 0, so that a codec that forgets the offset is found out. */
    private static final int OFFSET = 24;

    private final ByteBuffer region;
    private final ByteBuffer readOnly;
    private final MessageView view = new MessageView();
    private final Room room = new Room();
    private boolean full;
    private boolean closed;
    private long sent;

    Wire(int capacity) {
        region = ByteBuffer.allocate(OFFSET + RecordLayout.HEADER_LENGTH + capacity)
                .order(ByteOrder.LITTLE_ENDIAN);
        readOnly = region.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What stands where nobody has written yet. */
    Wire fill(byte pattern) {
        for (int i = 0; i < region.capacity(); i++) {
            region.put(i, pattern);
        }
        return this;
    }

    /** Bytes that no codec wrote, in the name of one that has this id. */
    Message raw(int formatCode, byte... payload) {
        Claim claim = claim(payload.length);
        claim.putBytes(0, payload, 0, payload.length);
        claim.formatCode(formatCode).commit();
        return message();
    }

    /** The last message that was sent. */
    Message message() {
        return view.wrap(readOnly, OFFSET, null);
    }

    long sent() {
        return sent;
    }

    boolean hasOpenClaim() {
        return room.isOpen();
    }

    void full(boolean isFull) {
        full = isFull;
    }

    @Override
    public String id() {
        return "out";
    }

    @Override
    public String name() {
        return "wire/out";
    }

    @Override
    public Claim claim(int lengthBytes, Parameters parameters) {
        return room.begin(lengthBytes);
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes, Parameters parameters) {
        return full || closed ? null : claim(lengthBytes, parameters);
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return send(payload);
    }

    @Override
    public SendResult send(ByteBuffer payload) {
        Claim claim = claim(payload.remaining());
        claim.putBytes(0, payload);
        claim.commit();
        return SendResult.ACCEPTED;
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) {
        return send(payload);
    }

    @Override
    public SendResult send(String text) {
        Claim claim = claim(text.getBytes(StandardCharsets.UTF_8).length);
        claim.putBytes(0, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        claim.format(PayloadFormat.UTF8).commit();
        return SendResult.ACCEPTED;
    }

    @Override
    public boolean hasRoom() {
        return !full;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Room extends ClaimView {
        private int length;

        Room begin(int lengthBytes) {
            length = lengthBytes;
            open(region, OFFSET + RecordLayout.HEADER_LENGTH, lengthBytes);
            return this;
        }

        @Override
        public void commit() {
            checkOpen();
            RecordLayout.putHeader(region, OFFSET, (byte) 0, formatCode(), 0);
            region.putLong(OFFSET + RecordLayout.SEQUENCE_OFFSET, sent++);
            RecordLayout.putLengths(region, OFFSET, 0, length);
            shut();
        }

        @Override
        public void abort() {
            shut();
        }
    }
}
