package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import java.util.Map;

/** The main class of a JVM that measures one line of a table: {@code what key=value...}. */
final class Probe {
    private static final Map<String, Measurement> MEASUREMENTS = Map.of(
            "round-trip", RoundTrip::run,
            "rate", FixedRate::run,
            "flood", Flood::run,
            "drop", DropFlood::run,
            "wake", WakeUp::run,
            "idle", IdleUse::run,
            "metrics", MetricsPairs::run,
            "many", ManyNodes::run);

    private Probe() {}

    public static void main(String[] arguments) throws Exception {
        Measurement measurement = MEASUREMENTS.get(arguments[0]);
        if (measurement == null) {
            throw new IllegalArgumentException(
                    "'" + arguments[0] + "' is no measurement: expected one of " + MEASUREMENTS.keySet());
        }
        String[] rest = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
        measurement.run(Arguments.parse(rest), new Figures(System.out));
        System.exit(0); // peers leave threads behind
    }
}
