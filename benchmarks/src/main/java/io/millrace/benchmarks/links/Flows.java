package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The dataflows that are measured, as text: nodes on the machines {@code a} and {@code b}. */
final class Flows {
    private static final int OTHERS = 99;

    private Flows() {}

    static String of(Arguments arguments) {
        return switch (arguments.text("form")) {
            case "round-trip" -> roundTrip(arguments);
            case "stream" -> stream(arguments);
            case "fan" -> fan(arguments);
            default -> throw new IllegalArgumentException("there is no form '" + arguments.text("form") + "'");
        };
    }

    /** The way back is drop_oldest, for a cycle of backpressure could deadlock and is refused. */
    private static String roundTrip(Arguments arguments) {
        String idle = arguments.has("idle") ? arguments.text("idle") : "park";
        return """
                name: round-trip
                nodes:
                  - id: ping
                    class: io.millrace.benchmarks.links.PingNode
                    idle: %s
                    config: {length: %s, warmup: %s, count: %s}
                    deploy: {machine: a}
                    inputs:
                      pong: {source: echo/pong, queue_size: 64, queue_policy: drop_oldest}
                    outputs: [ping]
                  - id: echo
                    class: io.millrace.benchmarks.links.EchoNode
                    idle: %s
                    deploy: {machine: b}
                    inputs:
                      ping: {source: ping/ping, queue_size: 64, queue_policy: backpressure}
                    outputs: [pong]
                """.formatted(idle, arguments.text("length"), arguments.text("warmup"), arguments.text("count"), idle);
    }

    private static String stream(Arguments arguments) {
        return """
                name: stream
                nodes:
                  - id: source
                    class: io.millrace.benchmarks.links.SourceNode
                    config: {length: %s, seconds: %s}
                    deploy: {machine: a}
                    outputs: [out]
                  - id: sink
                    class: io.millrace.benchmarks.links.SinkNode
                    config: {warmup: %s}
                    deploy: {machine: b}
                    inputs:
                      in: {source: source/out, queue_size: %s, queue_policy: backpressure}
                """.formatted(
                arguments.text("length"), arguments.text("seconds"), arguments.text("warmup"), arguments.text("queue"));
    }

    private static String fan(Arguments arguments) {
        String outputs = IntStream.range(0, OTHERS).mapToObj(i -> "o" + i).collect(Collectors.joining(", "));
        String inputs = IntStream.range(0, OTHERS)
                .mapToObj(i ->
                        "      i" + i + ": {source: source/o" + i + ", queue_size: 64, queue_policy: backpressure}\n")
                .collect(Collectors.joining());
        double seconds = arguments.decimal("seconds");
        return """
                name: fan
                nodes:
                  - id: source
                    class: io.millrace.benchmarks.links.SourceNode
                    config: {length: %s, seconds: %s}
                    deploy: {machine: a}
                    outputs: [%s, aside]
                  - id: aside
                    class: io.millrace.benchmarks.links.AsideNode
                    config: {stall: %s}
                    deploy: {machine: b}
                    inputs:
                      in: {source: source/aside, queue_size: 64, queue_policy: backpressure}
                  - id: sink
                    class: io.millrace.benchmarks.links.SinkNode
                    config: {warmup: %s}
                    deploy: {machine: b}
                    inputs:
                """.formatted(
                                arguments.text("length"),
                                seconds,
                                outputs,
                                arguments.text("stalled").equals("true") ? seconds + 1 : 0.0,
                                arguments.text("warmup"))
                + inputs;
    }
}
