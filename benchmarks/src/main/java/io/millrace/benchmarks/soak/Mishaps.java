package io.millrace.benchmarks.soak;

import java.util.SplittableRandom;

/** Failures by plan. One thread. */
final class Mishaps {
    private final Ledger ledger;
    private final long every;
    private final SplittableRandom random;
    private long left;

    /** @param every so many messages on average; 0 for never */
    Mishaps(Ledger ledger, long every, SplittableRandom random) {
        this.ledger = ledger;
        this.every = every;
        this.random = random;
        this.left = every == 0 ? Long.MAX_VALUE : next();
    }

    /** Once for each message. */
    void maybe(String node) {
        left--;
        if (left <= 0 && ledger.mayFail()) {
            throw new PlannedException(node);
        }
    }

    private long next() {
        return 1 + random.nextLong(2 * every);
    }

    /** Told from what nobody has planned. */
    static final class PlannedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        PlannedException(String node) {
            super("node '" + node + "' fails by plan");
        }
    }
}
