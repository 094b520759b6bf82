package io.millrace.benchmarks;

import java.util.Arrays;
import java.util.List;

/** What is asked of every carrier. */
enum Question {
    ROUND_TRIP(
            RoundTripBenchmark.class,
            64,
            "Round trip, 64 bytes, two spinning threads, ns: less is better",
            "p50",
            "p99"),
    SMALL_STREAM(
            ThroughputBenchmark.class,
            64,
            "One producer, 64 bytes, million messages a second: more is better",
            "median",
            "mean"),
    LARGE_STREAM(
            ThroughputBenchmark.class,
            1024,
            "One producer, 1 KiB, million messages a second: more is better",
            "median",
            "mean");

    private final Class<?> benchmark;
    private final int length;
    private final String title;
    private final String firstColumn;
    private final String secondColumn;

    Question(Class<?> benchmark, int length, String title, String firstColumn, String secondColumn) {
        this.benchmark = benchmark;
        this.length = length;
        this.title = title;
        this.firstColumn = firstColumn;
        this.secondColumn = secondColumn;
    }

    Class<?> benchmark() {
        return benchmark;
    }

    int length() {
        return length;
    }

    String title() {
        return title;
    }

    /** The names of the figures; the second one is empty where there is none. */
    List<String> columns() {
        return secondColumn.isEmpty() ? List.of(firstColumn) : List.of(firstColumn, secondColumn);
    }

    /** Every carrier, and the flag-free ring behind each that is a dataflow. */
    List<Case> cases() {
        return Arrays.stream(Carrier.values())
                .flatMap(carrier -> carrier.isBareRing()
                        ? List.of(new Case(this, carrier, true)).stream()
                        : List.of(new Case(this, carrier, true), new Case(this, carrier, false)).stream())
                .toList();
    }

    /** One row of a table. */
    record Case(Question question, Carrier carrier, boolean withFlag) {
        @Override
        public String toString() {
            return withFlag ? carrier.toString() : carrier + ", without the flag";
        }
    }
}
