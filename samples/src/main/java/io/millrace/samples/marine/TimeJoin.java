package io.millrace.samples.marine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Pairs each sample of one stream with the newest of another that is not later than it, by the times they carry. When they arrive does not matter: two edges say
 * nothing about each other's pace, so a sample waits until the other stream is seen to be past it, or has ended.
 *
 * <p>Each stream is in order of time. What waits is bounded: where the other stream falls silent while the first goes on, there is nothing to pair with, and the
 * oldest goes out alone.
 */
final class TimeJoin<S, R> {
    /** Samples, at most: more than can wait by arrival alone, which is as much as the queues of the dataflow file hold. */
    static final int MAX_WAITING = 512;
    /** References, at most: they may be ahead by the queues of several edges. */
    static final int MAX_REFERENCES = 8192;
    /** What is older than this says nothing about now. */
    static final long MAX_AGE_MS = 10_000;

    private final ToLongFunction<S> sampleTime;
    private final ToLongFunction<R> referenceTime;
    private final BiConsumer<S, @Nullable R> pairs;
    private final ArrayDeque<S> samples = new ArrayDeque<>();
    private final ArrayDeque<R> references = new ArrayDeque<>();
    private long newestReferenceMs = LogTime.UNKNOWN;
    private boolean ended;

    /** @param pairs takes each sample in order, with its reference or null */
    TimeJoin(ToLongFunction<S> sampleTime, ToLongFunction<R> referenceTime, BiConsumer<S, @Nullable R> pairs) {
        this.sampleTime = sampleTime;
        this.referenceTime = referenceTime;
        this.pairs = pairs;
    }

    void sample(S sample) {
        samples.add(sample);
        pair();
    }

    void reference(R reference) {
        long timeMs = referenceTime.applyAsLong(reference);
        if (timeMs == LogTime.UNKNOWN) {
            return;
        }
        newestReferenceMs = Math.max(newestReferenceMs, timeMs);
        references.add(reference);
        if (references.size() > MAX_REFERENCES) {
            references.remove();
        }
        pair();
    }

    /** The samples that wait, in order. */
    Collection<S> waiting() {
        return Collections.unmodifiableCollection(samples);
    }

    /** No more references come: what waits goes out. */
    void endOfReferences() {
        ended = true;
        pair();
    }

    private void pair() {
        for (@Nullable S oldest = samples.peek(); oldest != null && isDecided(oldest); oldest = samples.peek()) {
            samples.remove();
            pairs.accept(oldest, referenceFor(sampleTime.applyAsLong(oldest)));
        }
    }

    private boolean isDecided(S sample) {
        return ended || samples.size() > MAX_WAITING || newestReferenceMs > sampleTime.applyAsLong(sample);
    }

    private @Nullable R referenceFor(long timeMs) {
        @Nullable R best = null;
        while (!references.isEmpty() && referenceTime.applyAsLong(references.element()) <= timeMs) {
            best = references.remove();
        }
        if (best == null) {
            return null;
        }
        // The next sample may need it too.
        references.addFirst(best);
        return timeMs - referenceTime.applyAsLong(best) <= MAX_AGE_MS ? best : null;
    }
}
