package io.millrace.benchmarks;

/** What carries the messages between the two threads. */
public enum Carrier {
    /** Agrona's one-to-one ring, into which {@code write} copies. */
    RING_WRITE("bare ring, write"),
    /** Agrona's one-to-one ring, claimed and written in place. */
    RING_CLAIM("bare ring, claim"),
    /** Two nodes with their own loops. */
    NODES("node to node"),
    /** A node with its own loop, and a reactive operator at the other end. */
    OPERATOR("node to operator");

    private final String text;

    Carrier(String text) {
        this.text = text;
    }

    boolean isBareRing() {
        return this == RING_WRITE || this == RING_CLAIM;
    }

    @Override
    public String toString() {
        return text;
    }
}
