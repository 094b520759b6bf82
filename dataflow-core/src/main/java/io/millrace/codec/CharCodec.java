package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One char: a unit of UTF-16, little-endian. Its own {@code send} and {@link #readChar} neither box nor allocate. */
public final class CharCodec extends Codec<Character> {
    CharCodec() {
        super("a char", CodecNames.CHAR);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, char value) {
        Claim claim = begin(output, Character.BYTES);
        claim.putShort(0, (short) value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public char readChar(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Character value) {
        return Character.BYTES;
    }

    @Override
    protected void put(Character value, Claim claim) {
        claim.putShort(0, (short) value.charValue());
    }

    @Override
    protected Character get(Message message) {
        return valueOf(message);
    }

    private char valueOf(Message message) {
        checkLength(message, Character.BYTES);
        return (char) message.getShort(0);
    }
}
