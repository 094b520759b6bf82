package io.millrace.benchmarks.peers;

/** What one JVM measures. */
@FunctionalInterface
interface Measurement {
    void run(Arguments arguments, Figures figures) throws Exception;
}
