package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.PayloadFormat;

/** Bytes as they are. */
final class BytesCodec extends Codec<byte[]> {
    BytesCodec() {
        super(PayloadFormat.BYTES, "bytes");
    }

    @Override
    public int length(byte[] value) {
        return value.length;
    }

    @Override
    protected void put(byte[] value, Claim claim) {
        claim.putBytes(0, value, 0, value.length);
    }

    @Override
    protected byte[] get(Message message) {
        return message.toByteArray();
    }
}
