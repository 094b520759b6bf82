package io.millrace.benchmarks.peers;

/** A number that one thread changes with every message, on cache lines of its own. */
@SuppressWarnings("unused") // the space around it
final class Count {
    private long p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15, p16;
    int value;
    private long q01, q02, q03, q04, q05, q06, q07, q08, q09, q10, q11, q12, q13, q14, q15, q16;
}
