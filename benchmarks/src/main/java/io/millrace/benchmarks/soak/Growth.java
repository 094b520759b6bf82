package io.millrace.benchmarks.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Whether one of the vitals grew: the least of the last quarter of the time beside the most of the second quarter. The first quarter is for warming up. What goes up and down does not grow; what
 * grows for ever will be over any slack, if one waits long enough.
 *
 * @param early the most of the second quarter
 * @param late the least of the last quarter
 * @param slack by which it may be more
 */
record Growth(String what, long early, long late, long slack, double unit) {

    /** @throws IllegalArgumentException if there are fewer than eight samples */
    static Growth of(String what, List<Vitals> samples, ToLongFunction<Vitals> value, long slack, double unit) {
        int count = samples.size();
        if (count < 8) {
            throw new IllegalArgumentException("too few samples to see growth: expected at least 8, found " + count);
        }
        long early = samples.subList(count / 4, count / 2).stream()
                .mapToLong(value)
                .max()
                .orElseThrow();
        long late = samples.subList(count - count / 4, count).stream()
                .mapToLong(value)
                .min()
                .orElseThrow();
        return new Growth(what, early, late, slack, unit);
    }

    boolean isGrowing() {
        return late > early + slack;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: at most %.1f in the second quarter, at least %.1f in the last%s",
                what,
                early / unit,
                late / unit,
                isGrowing() ? ": GROWS" : "");
    }
}
