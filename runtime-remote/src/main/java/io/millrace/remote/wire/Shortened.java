package io.millrace.remote.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** What is told of failures and findings, whoever found them, no longer than it may be. What is short already stays as it is. */
public final class Shortened {
    private static final int LENGTH_BYTES = 4;
    private static final int CHARACTER_BYTES = 3;

    private Shortened() {}

    /** With an ellipsis where something is left out. */
    public static String text(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength) + "...";
    }

    /** The first of them, each in full as long as all of these have room, else in brief. */
    static <T> List<T> list(
            List<T> all, int maxCount, int maxBytes, ToIntFunction<T> sizeBytes, UnaryOperator<T> brief) {
        List<T> kept = new ArrayList<>();
        int bytes = 0;
        for (T each : all.subList(0, Math.min(all.size(), maxCount))) {
            T fitting = bytes + sizeBytes.applyAsInt(each) <= maxBytes ? each : brief.apply(each);
            bytes += sizeBytes.applyAsInt(fitting);
            kept.add(fitting);
        }
        return List.copyOf(kept);
    }

    /** What the text takes on its way at the most. */
    static int sizeBytes(String text) {
        boolean isPlain = text.chars().allMatch(character -> character < 0x80);
        return LENGTH_BYTES + text.length() * (isPlain ? 1 : CHARACTER_BYTES);
    }

    static int sizeBytes(Iterable<String> texts) {
        int bytes = LENGTH_BYTES;
        for (String text : texts) {
            bytes += sizeBytes(text);
        }
        return bytes;
    }
}
