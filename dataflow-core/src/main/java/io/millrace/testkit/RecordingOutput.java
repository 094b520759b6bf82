package io.millrace.testkit;

import io.millrace.layout.ClaimView;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.node.Claim;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An output whose messages become records, each in memory of its own. Used by the test's thread only. */
final class RecordingOutput implements Output {
    /** As much room as is wanted. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** Whether messages may be sent. */
    enum Gate {
        /** In {@code open}: sending is an error. */
        NOT_YET,
        OPEN,
        /** In {@code close}: sending has no effect. */
        NO_EFFECT
    }

    private final String id;
    private final String name;
    private final int capacity;
    private final Stamp stamp;
    private final Consumer<ByteBuffer> receiver;
    private final RecordingClaim claim = new RecordingClaim();

    private Gate gate;
    private boolean closed;
    private int held;

    /**
     * @param capacity messages that it holds before it is full
     * @param receiver is handed each record: writable, and nobody else's
     */
    RecordingOutput(String id, String name, int capacity, Gate gate, Stamp stamp, Consumer<ByteBuffer> receiver) {
        this.id = id;
        this.name = name;
        this.capacity = capacity;
        this.gate = gate;
        this.stamp = stamp;
        this.receiver = receiver;
    }

    /** Numbers and times what is sent. */
    interface Stamp {
        int incarnation();

        long nextSequence();

        long nextTimestamp();

        /** A sender waits. */
        void await(Duration time);
    }

    void gate(Gate to) {
        gate = to;
    }

    /** A test has taken what was sent. */
    void makeRoom() {
        held = 0;
    }

    boolean hasOpenClaim() {
        return claim.isOpen();
    }

    void abortOpenClaim() {
        if (claim.isOpen()) {
            claim.abort();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Claim claim(int lengthBytes, Parameters parameters) {
        checkMaySend();
        if (!isClosed() && !hasRoom()) {
            throw full();
        }
        return claim.begin(lengthBytes, parameters);
    }

    private IllegalStateException full() {
        return new IllegalStateException("output '" + name + "' is full and nobody makes room while the node waits: "
                + "give it more than " + capacity + " messages of capacity");
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes, Parameters parameters) {
        checkMaySend();
        return isClosed() || !hasRoom() ? null : claim.begin(lengthBytes, parameters);
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return put(payload, PayloadFormat.BYTES, tryClaim(payload.remaining()));
    }

    @Override
    public SendResult send(ByteBuffer payload) {
        return put(payload, PayloadFormat.BYTES, claim(payload.remaining()));
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) {
        SendResult result = offer(payload);
        long timeoutNs = TimeUnit.NANOSECONDS.convert(timeout);
        if (result == SendResult.FULL && timeoutNs == Long.MAX_VALUE) {
            throw full();
        }
        if (result == SendResult.FULL && timeoutNs > 0) {
            stamp.await(timeout);
        }
        return result;
    }

    @Override
    public SendResult send(String text) {
        ByteBuffer payload = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return put(payload, PayloadFormat.UTF8, claim(payload.remaining()));
    }

    private SendResult put(ByteBuffer payload, PayloadFormat format, @Nullable Claim room) {
        if (room != null) {
            room.putBytes(0, payload);
            room.format(format).commit();
        }
        return isClosed() ? SendResult.CLOSED : room == null ? SendResult.FULL : SendResult.ACCEPTED;
    }

    @Override
    public boolean hasRoom() {
        return held < capacity;
    }

    @Override
    public boolean isClosed() {
        return closed || gate == Gate.NO_EFFECT;
    }

    @Override
    public void close() {
        abortOpenClaim();
        closed = true;
    }

    /** Its last consumer has ended: a claim that is open leads nowhere. */
    void endConsumers() {
        closed = true;
    }

    private void checkMaySend() {
        if (gate == Gate.NOT_YET) {
            throw new IllegalStateException("output '" + name + "': nothing may be sent in open");
        }
        if (claim.isOpen()) {
            throw new IllegalStateException(
                    "output '" + name + "': the claim before this one is neither committed nor aborted");
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** The one claim of this output. */
    private final class RecordingClaim extends ClaimView {
        private @Nullable ByteBuffer record;

        RecordingClaim begin(int lengthBytes, Parameters parameters) {
            if (lengthBytes < 0 || lengthBytes > MAX_PAYLOAD_BYTES) {
                throw new IllegalArgumentException("output '" + name + "': a payload has 0 to " + MAX_PAYLOAD_BYTES
                        + " bytes, found " + lengthBytes);
            }
            byte[] block = ParameterCodec.encode(parameters);
            ByteBuffer room = Records.allocate(block, lengthBytes);
            record = room;
            open(room, RecordLayout.HEADER_LENGTH + RecordLayout.align8(block.length), lengthBytes);
            return this;
        }

        @Override
        public void commit() {
            ByteBuffer written = taken();
            if (!RecordingOutput.this.isClosed()) {
                Records.stamp(written, formatCode(), stamp.incarnation(), stamp.nextSequence(), stamp.nextTimestamp());
                held++;
                receiver.accept(Records.copy(written));
            }
            Records.scribble(written);
        }

        @Override
        public void abort() {
            Records.scribble(taken());
        }

        private ByteBuffer taken() {
            checkOpen();
            ByteBuffer taken = Objects.requireNonNull(record);
            record = null;
            shut();
            return taken;
        }
    }
}
