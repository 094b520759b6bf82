package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/**
 * Values of one primitive type, one after the other and nothing else: their number follows from the payload's length. Besides what every codec does, values
 * can be written in place one by one.
 *
 * @param <A> the type of the array
 */
public abstract class ArrayCodec<A> extends Codec<A> {
    private final int elementBytes;

    ArrayCodec(int elementId, int elementBytes) {
        super("an array of " + CodecNames.primitive(elementId) + "s", elementId + CodecNames.ARRAY_OF);
        this.elementBytes = elementBytes;
    }

    /** Room for so many values, to be put one by one and committed; waits as {@link Output#claim(int)} does. */
    public final Claim claim(Output output, int count) {
        return begin(output, bytes(count));
    }

    /** As {@link #claim} but never waits: null where the output is full or closed. */
    public final @Nullable Claim tryClaim(Output output, int count) {
        @Nullable Claim claim = output.tryClaim(bytes(count));
        return claim == null ? null : claim.formatCode(id());
    }

    @Override
    public final int length(A values) {
        return bytes(countIn(values));
    }

    abstract int countIn(A values);

    /** How many values the payload holds. */
    final int countOf(Message message) {
        int length = message.length();
        int left = length % elementBytes;
        if (left != 0) {
            throw malformed(
                    message, length - left, "expected a value of " + elementBytes + " bytes, found the last " + left);
        }
        return length / elementBytes;
    }

    private int bytes(int count) {
        if (count < 0 || count > Output.MAX_PAYLOAD_BYTES / elementBytes) {
            throw new IllegalArgumentException(
                    name() + " may have 0 to " + Output.MAX_PAYLOAD_BYTES / elementBytes + " values, found " + count);
        }
        return count * elementBytes;
    }
}
