package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One byte. Its own {@code send} and {@link #readByte} neither box nor allocate. */
public final class ByteCodec extends Codec<Byte> {
    ByteCodec() {
        super("a byte", CodecNames.BYTE);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, byte value) {
        Claim claim = begin(output, Byte.BYTES);
        claim.putByte(0, value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public byte readByte(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Byte value) {
        return Byte.BYTES;
    }

    @Override
    protected void put(Byte value, Claim claim) {
        claim.putByte(0, value);
    }

    @Override
    protected Byte get(Message message) {
        return valueOf(message);
    }

    private byte valueOf(Message message) {
        checkLength(message, Byte.BYTES);
        return message.getByte(0);
    }
}
