package io.millrace.contract.nodes;

import java.io.IOException;

/** The ways in which a node's code can fail. */
enum Mishap {
    EXCEPTION,
    CHECKED,
    ASSERTION,
    STACK_OVERFLOW,
    OUT_OF_MEMORY;

    /** @param key as written in a config */
    static Mishap of(String key) {
        return valueOf(key.toUpperCase(java.util.Locale.ROOT));
    }

    /** Does not return. */
    void happen(String message) throws IOException {
        switch (this) {
            case EXCEPTION -> throw new IllegalStateException(message);
            case CHECKED -> throw new IOException(message);
            case ASSERTION -> throw new AssertionError(message);
            case STACK_OVERFLOW -> recurse(0);
            case OUT_OF_MEMORY -> throw new OutOfMemoryError(message);
        }
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static long recurse(long depth) {
        return recurse(depth + 1) + depth;
    }
}
