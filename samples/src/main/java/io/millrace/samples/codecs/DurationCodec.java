package io.millrace.samples.codecs;

import io.millrace.codec.Codec;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import java.time.Duration;

/** Durations, as nanoseconds: a codec of the application's own. */
public final class DurationCodec extends Codec<Duration> {
    public static final DurationCodec INSTANCE = new DurationCodec();

    private DurationCodec() {
        super(FIRST_OWN_ID, "a duration");
    }

    @Override
    public int length(Duration value) {
        return Long.BYTES;
    }

    @Override
    protected void put(Duration value, Claim claim) {
        claim.putLong(0, value.toNanos());
    }

    @Override
    protected Duration get(Message message) {
        if (message.length() != Long.BYTES) {
            throw malformed(message, 0, "expected 8 bytes, found " + message.length());
        }
        return Duration.ofNanos(message.getLong(0));
    }
}
