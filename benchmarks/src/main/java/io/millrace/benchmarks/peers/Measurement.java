package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;

/** What one JVM measures. */
@FunctionalInterface
interface Measurement {
    void run(Arguments arguments, Figures figures) throws Exception;
}
