package io.millrace.benchmarks.peers;

import java.util.List;

/** How long everything takes. */
enum Pace {
    /** To quote. */
    FULL(List.of("warmup=2", "seconds=3", "hot=20000", "warmups=20", "messages=100", "times=3"), 5, 1.0),
    /** To see that everything runs. */
    QUICK(List.of("warmup=0.5", "seconds=0.7", "hot=500", "warmups=2", "messages=8", "times=2"), 2, 0.2);

    private final List<String> arguments;
    private final int jmhWarmups;
    private final double jmhSeconds;

    Pace(List<String> arguments, int jmhWarmups, double jmhSeconds) {
        this.arguments = arguments;
        this.jmhWarmups = jmhWarmups;
        this.jmhSeconds = jmhSeconds;
    }

    /** For every measuring JVM, which takes from it what it knows. */
    List<String> arguments() {
        return arguments;
    }

    int jmhWarmups() {
        return jmhWarmups;
    }

    /** Of each iteration. */
    double jmhSeconds() {
        return jmhSeconds;
    }
}
