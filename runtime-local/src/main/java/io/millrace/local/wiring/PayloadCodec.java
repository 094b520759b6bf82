package io.millrace.local.wiring;

import io.millrace.codec.Codec;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;

/** What remains in a buffer, whose position stays where it is. */
final class PayloadCodec extends Codec<ByteBuffer> {
    PayloadCodec() {
        super(PayloadFormat.BYTES, "bytes");
    }

    @Override
    public int length(ByteBuffer value) {
        return value.remaining();
    }

    @Override
    protected void put(ByteBuffer value, Claim claim) {
        claim.putBytes(0, value);
    }

    @Override
    protected ByteBuffer get(Message message) {
        return ByteBuffer.wrap(message.toByteArray());
    }
}
