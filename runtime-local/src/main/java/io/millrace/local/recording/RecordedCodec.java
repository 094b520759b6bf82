package io.millrace.local.recording;

import io.millrace.codec.Codec;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A message as it was sent, with the format and the parameters that it had. */
final class RecordedCodec extends Codec<Message> {
    RecordedCodec() {
        super(PayloadFormat.BYTES, "a recorded message");
    }

    @Override
    public int length(Message value) {
        return value.length();
    }

    @Override
    protected void put(Message value, Claim claim) {
        ByteBuffer payload = value.buffer().duplicate();
        payload.limit(value.offset() + value.length()).position(value.offset());
        claim.putBytes(0, payload);
    }

    @Override
    protected Message get(Message message) {
        return message;
    }

    /** What a publisher calls. Parameters and format are the message's own. */
    @Override
    public SendResult offer(Output output, Message value, Parameters parameters) {
        @Nullable Claim claim = output.tryClaim(value.length(), value.parameters());
        if (claim == null) {
            return output.isClosed() ? SendResult.CLOSED : SendResult.FULL;
        }
        put(value, claim);
        boolean isClosed = output.isClosed();
        claim.formatCode(value.formatCode()).commit();
        return isClosed ? SendResult.CLOSED : SendResult.ACCEPTED;
    }
}
