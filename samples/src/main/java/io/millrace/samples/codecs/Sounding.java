package io.millrace.samples.codecs;

import io.millrace.codec.Codecs;
import io.millrace.codec.RecordCodec;
import org.jspecify.annotations.Nullable;

/** How deep the water is, somewhere and at some time. */
public record Sounding(
        long timeMs,
        Place place,
        float meters,
        Quality quality,
        @Nullable String note) {
    static final RecordCodec<Sounding> CODEC = Codecs.ofRecord(Sounding.class);

    /** In degrees. */
    public record Place(double latitude, double longitude) {}

    /** How clear the echo was. */
    public enum Quality {
        CLEAR,
        FAINT
    }
}
