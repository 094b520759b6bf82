package io.millrace.architecture.bad;

/** Remembers beyond its instances. */
public final class KeepsStaticState {
    private static int count;

    int next() {
        return ++count;
    }
}
