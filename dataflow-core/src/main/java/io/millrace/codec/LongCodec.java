package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One long, little-endian. Its own {@code send} and {@link #readLong} neither box nor allocate. */
public final class LongCodec extends Codec<Long> {
    LongCodec() {
        super("a long", CodecNames.LONG);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, long value) {
        Claim claim = begin(output, Long.BYTES);
        claim.putLong(0, value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public long readLong(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Long value) {
        return Long.BYTES;
    }

    @Override
    protected void put(Long value, Claim claim) {
        claim.putLong(0, value);
    }

    @Override
    protected Long get(Message message) {
        return valueOf(message);
    }

    private long valueOf(Message message) {
        checkLength(message, Long.BYTES);
        return message.getLong(0);
    }
}
