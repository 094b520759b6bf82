package io.millrace.local.isolated;

import io.millrace.layout.ClaimView;
import io.millrace.layout.ParameterCodec;
import io.millrace.local.dora.ProtocolException;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An output as the node's JVM knows it: everything is done by the output itself, in the dataflow's JVM. A claim is one there, and what is written here is copied into it at
 * commit. Used by the node's thread only.
 */
final class RemoteOutput implements Output {
    private static final int INITIAL_BYTES = 1024;
    private static final SendResult[] RESULTS = SendResult.values();
    private static final byte[] NO_PARAMETERS = {};

    private final String id;
    private final String name;
    private final int index;
    private final RemoteContext context;
    private final RemoteClaim claim = new RemoteClaim();

    RemoteOutput(int index, PacketReader in, RemoteContext context) {
        this.index = index;
        this.id = in.text();
        this.name = in.text();
        this.context = context;
    }

    static void put(Packet out, Output output) {
        out.putText(output.id()).putText(output.name());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    private Packet begin(Ask ask) {
        return context.begin(ask).putShort(index);
    }

    private PacketReader ask() {
        return context.ask();
    }

    @Override
    public Claim claim(int lengthBytes, Parameters parameters) {
        checkNoClaim();
        byte[] block = parameters.isEmpty() ? NO_PARAMETERS : ParameterCodec.encode(parameters);
        if (context.isCalledBack() && lengthBytes >= 0 && lengthBytes + block.length <= Limits.EAGER_BYTES) {
            claim.begin(lengthBytes, block, true);
        } else {
            reserve(lengthBytes, block, true);
            claim.begin(lengthBytes, block, false);
        }
        return claim;
    }

    @Override
    public @Nullable Claim tryClaim(int lengthBytes, Parameters parameters) {
        checkNoClaim();
        byte[] block = parameters.isEmpty() ? NO_PARAMETERS : ParameterCodec.encode(parameters);
        if (!reserve(lengthBytes, block, false)) {
            return null;
        }
        claim.begin(lengthBytes, block, false);
        return claim;
    }

    private boolean reserve(int length, byte[] block, boolean waits) {
        begin(Ask.CLAIM).putFlag(waits).putInt(length).putBytes(block);
        return ask().flag();
    }

    private void checkNoClaim() {
        if (claim.isOpen()) {
            throw new IllegalStateException("output '" + name + "' has a claim that was neither committed nor aborted");
        }
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return send(payload, false, -1);
    }

    @Override
    public SendResult send(ByteBuffer payload) {
        return send(payload, false, Long.MAX_VALUE);
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) {
        return send(payload, false, Math.max(0, TimeUnit.NANOSECONDS.convert(timeout)));
    }

    @Override
    public SendResult send(String text) {
        return send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true, Long.MAX_VALUE);
    }

    @Override
    public SendResult send(Message message) {
        message.length(); // throws where the message is over
        if (!context.isInHand(message)) {
            return Output.super.send(message);
        }
        checkNoClaim();
        begin(Ask.FORWARD);
        return result(ask().u8());
    }

    private SendResult send(ByteBuffer payload, boolean isText, long timeoutNs) {
        checkNoClaim();
        int length = payload.remaining();
        if (length > MAX_PAYLOAD_BYTES) {
            reserve(length, NO_PARAMETERS, false); // refused there, in the same words as everywhere
        }
        boolean isStaged = length > Limits.CHUNK_BYTES;
        if (isStaged) {
            stage(payload, length);
        }
        begin(Ask.SEND).putFlag(isText).putLong(timeoutNs).putFlag(isStaged);
        if (!isStaged) {
            context.out().putBytes(payload, payload.position(), length);
        }
        return result(ask().u8());
    }

    private void stage(ByteBuffer payload, int length) {
        for (int sent = 0; sent < length; ) {
            int count = Math.min(Limits.CHUNK_BYTES, length - sent);
            begin(Ask.STAGE).putInt(length).putInt(sent).putBytes(payload, payload.position() + sent, count);
            ask();
            sent += count;
        }
    }

    private static SendResult result(int code) {
        if (code >= RESULTS.length) {
            throw new ProtocolException("expected what became of a message, found " + code);
        }
        return RESULTS[code];
    }

    @Override
    public boolean hasRoom() {
        begin(Ask.HAS_ROOM);
        return ask().flag();
    }

    @Override
    public boolean isClosed() {
        begin(Ask.IS_CLOSED);
        return ask().flag();
    }

    @Override
    public void close() {
        claim.giveUp();
        begin(Ask.CLOSE);
        ask();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Memory of this JVM, filled here and copied at commit. */
    private final class RemoteClaim extends ClaimView {
        private ByteBuffer memory = allocate(INITIAL_BYTES);
        private byte[] block = NO_PARAMETERS;
        private boolean isEager;

        /** @param eager whether the other JVM does not know of it yet */
        void begin(int length, byte[] parameters, boolean eager) {
            boolean isWasteful = memory.capacity() > Limits.KEPT_BYTES && length <= Limits.KEPT_BYTES;
            if (length > memory.capacity() || isWasteful) {
                memory = allocate(Math.max(length, INITIAL_BYTES));
            }
            block = parameters;
            isEager = eager;
            open(memory, 0, length);
        }

        void giveUp() {
            shut();
        }

        @Override
        public void commit() {
            checkOpen();
            int length = length();
            int format = formatCode();
            shut();
            if (isEager) {
                RemoteOutput.this
                        .begin(Ask.PUT)
                        .putShort(format)
                        .putBytes(block)
                        .putBytes(memory, 0, length);
                ask();
            } else {
                commit(length, format);
            }
        }

        private void commit(int length, int format) {
            int written = 0;
            while (length - written > Limits.CHUNK_BYTES) {
                RemoteOutput.this.begin(Ask.WRITE).putInt(written).putBytes(memory, written, Limits.CHUNK_BYTES);
                ask();
                written += Limits.CHUNK_BYTES;
            }
            RemoteOutput.this
                    .begin(Ask.COMMIT)
                    .putShort(format)
                    .putInt(written)
                    .putBytes(memory, written, length - written);
            if (context.isReactive()) {
                ask();
            } else {
                context.tell();
            }
        }

        @Override
        public void abort() {
            checkOpen();
            shut();
            if (!isEager) {
                RemoteOutput.this.begin(Ask.ABORT);
                ask();
            }
        }

        private static ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
