package io.millrace.local.isolated;

import io.millrace.layout.MessageView;
import io.millrace.layout.ParameterCodec;
import io.millrace.local.dora.ProtocolException;
import io.millrace.node.Batch;
import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does for the code in the other JVM what it asks for, with the context that an operator, or the node, has in this one. Used by the node's thread only.
 *
 * <p>What the context throws comes out: it is the answer.
 */
final class Service {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final NodeContext context;
    private final boolean isReactive;
    private final List<Input> inputs;
    private final List<Output> outputs;
    private final List<@Nullable Claim> claims = new ArrayList<>();
    private @Nullable Batch batch;
    private @Nullable MessageView inTransfer;
    private ByteBuffer staged = NOTHING;
    private int stagedLength;

    Service(NodeContext context, boolean isReactive) {
        this.context = context;
        this.isReactive = isReactive;
        this.inputs = context.inputs();
        this.outputs = context.outputs();
        outputs.forEach(output -> claims.add(null));
    }

    NodeContext context() {
        return context;
    }

    boolean isReactive() {
        return isReactive;
    }

    List<Input> inputs() {
        return inputs;
    }

    void setBatch(@Nullable Batch taken) {
        batch = taken;
    }

    /** Where a reply begins, once what was asked is done: that may have taken calls, which are written in the same memory. */
    interface Replies {
        Packet begin();
    }

    /** Whether who asks this waits for a reply. */
    boolean isAnswered(Ask ask) {
        return ask != Ask.LOG && (ask != Ask.COMMIT || isReactive);
    }

    /** Does it; returns the reply, or null if it gets none. */
    @Nullable Packet serve(Ask ask, PacketReader in, Replies replies) {
        return switch (ask) {
            case NEXT -> next(in.i64(), replies);
            case SLEEP -> flag(context.sleep(Duration.ofNanos(in.i64())), replies);
            case CLAIM -> flag(claim(in), replies);
            case SEND -> result(send(in), replies);
            case FORWARD -> result(output(in).send(inTransfer()), replies);
            case HAS_ROOM -> flag(output(in).hasRoom(), replies);
            case IS_CLOSED -> flag(output(in).isClosed(), replies);
            case MORE -> more(in.i32(), replies.begin());
            case BATCH_NEXT -> batchNext(replies);
            case LOG -> {
                RecordReader.log(context.logger(), in);
                yield null;
            }
            case COMMIT -> {
                commit(in);
                yield isReactive ? replies.begin() : null;
            }
            default -> {
                act(ask, in);
                yield replies.begin();
            }
        };
    }

    private void act(Ask ask, PacketReader in) {
        switch (ask) {
            case WRITE -> write(in);
            case ABORT -> abort(in.u16());
            case PUT -> put(in);
            case STAGE -> stage(in);
            case CLOSE -> close(in.u16());
            case CHECKPOINT -> context.checkpoint(in.slice());
            default -> throw new ProtocolException("expected what a node may ask for, found " + ask);
        }
    }

    private static Packet flag(boolean value, Replies replies) {
        return replies.begin().putFlag(value);
    }

    @SuppressWarnings("EnumOrdinal") // both ends run the same classes
    private static Packet result(SendResult result, Replies replies) {
        return replies.begin().put(result.ordinal());
    }

    // Events.

    @SuppressWarnings("EnumOrdinal") // both ends run the same classes
    private Packet next(long timeoutNs, Replies replies) {
        @Nullable Event event = timeoutNs < 0
                ? context.poll()
                : timeoutNs == Long.MAX_VALUE ? context.next() : context.next(Duration.ofNanos(timeoutNs));
        Packet out = replies.begin();
        RemoteContext.putClosed(out, inputs);
        out.put(event == null ? 0 : event.type().ordinal() + 1);
        if (event != null) {
            putEvent(out, event);
        }
        return out;
    }

    private void putEvent(Packet out, Event event) {
        switch (event.type()) {
            case INPUT -> {
                out.putShort(event.input().index());
                putMessage(out, event.message());
            }
            case INPUT_CLOSED, INPUT_RECOVERED -> out.putShort(event.input().index());
            case NODE_FAILED -> putFailure(out, event.failure());
            case NODE_RESTARTED -> out.putText(event.node());
            case ALL_INPUTS_CLOSED, STOP -> {
                return;
            }
        }
    }

    static void putFailure(Packet out, NodeFailure failure) {
        out.putText(failure.node()).putText(failure.error());
        out.putList(failure.inputs(), (packet, input) -> packet.putShort(input.index()));
    }

    /** The record's length, and its first piece. */
    void putMessage(Packet out, Message message) {
        MessageView view = (MessageView) message;
        inTransfer = view;
        out.putInt(view.recordLength());
        putPiece(out, view, 0);
    }

    private static void putPiece(Packet out, MessageView view, int from) {
        int count = Math.min(Limits.CHUNK_BYTES, view.recordLength() - from);
        out.putInt(count);
        int at = out.reserve(count);
        view.copyRecord(from, count, out.memory(), at);
    }

    private Packet more(int from, Packet out) {
        MessageView view = inTransfer();
        if (from < 0 || from > view.recordLength()) {
            throw new ProtocolException("expected a place within a message, found " + from);
        }
        putPiece(out, view, from);
        return out;
    }

    private MessageView inTransfer() {
        if (inTransfer == null) {
            throw new ProtocolException("expected something to be done with a message in hand, and there is none");
        }
        return inTransfer;
    }

    private Packet batchNext(Replies replies) {
        @Nullable Message message = batch == null ? null : batch.next();
        Packet out = flag(message != null, replies);
        if (message != null) {
            putMessage(out, message);
        }
        return out;
    }

    // Outputs.

    private Output output(PacketReader in) {
        return outputs.get(index(in.u16()));
    }

    private int index(int index) {
        if (index >= outputs.size()) {
            throw new ProtocolException(
                    "expected an output, of which there are " + outputs.size() + ", found " + index);
        }
        return index;
    }

    private boolean claim(PacketReader in) {
        int index = index(in.u16());
        boolean waits = in.flag();
        int length = in.i32();
        Parameters parameters = parameters(in);
        Output output = outputs.get(index);
        @Nullable Claim claim = waits ? output.claim(length, parameters) : output.tryClaim(length, parameters);
        claims.set(index, claim);
        return claim != null;
    }

    private static Parameters parameters(PacketReader in) {
        ByteBuffer block = in.slice();
        return ParameterCodec.decode(block, 0, block.remaining());
    }

    private Claim claimed(int index) {
        @Nullable Claim claim = claims.get(index(index));
        if (claim == null) {
            throw new ProtocolException(
                    "expected a claim on output '" + outputs.get(index).name() + "', found none");
        }
        return claim;
    }

    private void write(PacketReader in) {
        Claim claim = claimed(in.u16());
        claim.putBytes(in.i32(), in.slice());
    }

    private void commit(PacketReader in) {
        int index = in.u16();
        Claim claim = claimed(index);
        claim.formatCode(in.u16());
        claim.putBytes(in.i32(), in.slice());
        claims.set(index, null);
        claim.commit();
    }

    private void abort(int index) {
        Claim claim = claimed(index);
        claims.set(index, null);
        claim.abort();
    }

    private void put(PacketReader in) {
        Output output = output(in);
        int format = in.u16();
        Parameters parameters = parameters(in);
        ByteBuffer payload = in.slice();
        Claim claim = output.claim(payload.remaining(), parameters);
        claim.putBytes(0, payload);
        claim.formatCode(format).commit();
    }

    private SendResult send(PacketReader in) {
        Output output = output(in);
        boolean isText = in.flag();
        long timeoutNs = in.i64();
        boolean isStaged = in.flag();
        ByteBuffer payload = isStaged ? takeStaged() : in.slice();
        return send(output, isText, timeoutNs, payload);
    }

    private static SendResult send(Output output, boolean isText, long timeoutNs, ByteBuffer payload) {
        if (isText) {
            return output.send(StandardCharsets.UTF_8.decode(payload).toString());
        }
        if (timeoutNs < 0) {
            return output.offer(payload);
        }
        return timeoutNs == Long.MAX_VALUE ? output.send(payload) : output.send(payload, Duration.ofNanos(timeoutNs));
    }

    /** Memory grows with what has come, never with what a length promises. */
    private void stage(PacketReader in) {
        output(in);
        int total = in.i32();
        int at = in.i32();
        ByteBuffer piece = in.slice();
        if (total < 0
                || total > Output.MAX_PAYLOAD_BYTES
                || at != (at == 0 ? 0 : stagedLength)
                || piece.remaining() > total - at) {
            throw new ProtocolException("expected the next piece of a payload, found one of " + piece.remaining()
                    + " bytes at " + at + " of " + total);
        }
        int needed = at + piece.remaining();
        if (staged.capacity() < needed) {
            staged = ByteBuffer.allocateDirect((int) Math.min(total, Math.max(needed, 2L * staged.capacity())))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(0, staged, 0, at);
        }
        staged.put(at, piece, 0, piece.remaining());
        stagedLength = needed;
    }

    private ByteBuffer takeStaged() {
        ByteBuffer taken = staged.slice(0, stagedLength);
        staged = NOTHING;
        stagedLength = 0;
        return taken;
    }

    private void close(int index) {
        claims.set(index(index), null);
        outputs.get(index).close();
    }
}
