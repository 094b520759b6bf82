package io.millrace.benchmarks.peers;

/** One row of a table: something that one JVM measures. */
sealed interface Row permits JvmRow, JmhRow {
    /** Unique in its chapter. */
    String id();

    /** As the table says. */
    String title();

    /** Starts a JVM and blocks until it has ended. What goes wrong in it is part of the outcome. */
    Outcome run(Pace pace) throws InterruptedException;
}
