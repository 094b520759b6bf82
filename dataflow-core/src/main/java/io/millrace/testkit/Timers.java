package io.millrace.testkit;

import io.millrace.graph.InputSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The timer inputs of the code under test, in a time that counts from the start. Used by the test's thread only. */
final class Timers {
    private final List<Timer> timers = new ArrayList<>();

    Timers(List<TestInput> inputs) {
        for (TestInput input : inputs) {
            if (input.from() instanceof InputSource.Timer timer) {
                timers.add(new Timer(input, timer.interval().toNanos()));
            }
        }
    }

    /** When the next tick is due; never is {@link Long#MAX_VALUE}. */
    long nextDeadline() {
        return ticking().mapToLong(timer -> timer.deadline).min().orElse(Long.MAX_VALUE);
    }

    private Stream<Timer> ticking() {
        return timers.stream().filter(timer -> !timer.input.isClosed());
    }

    /** The timer whose tick was due first, if one was: its next tick is the first of its rhythm that lies ahead, however many were missed. */
    Optional<TestInput> takeDue(long now) {
        long first = nextDeadline();
        if (first > now) {
            return Optional.empty();
        }
        Timer due =
                ticking().filter(timer -> timer.deadline == first).findFirst().orElseThrow();
        due.deadline += ((now - due.deadline) / due.intervalNs + 1) * due.intervalNs;
        return Optional.of(due.input);
    }

    private static final class Timer {
        private final TestInput input;
        private final long intervalNs;
        private long deadline; // the first tick is due at the start

        Timer(TestInput input, long intervalNs) {
            this.input = input;
            this.intervalNs = intervalNs;
        }
    }
}
