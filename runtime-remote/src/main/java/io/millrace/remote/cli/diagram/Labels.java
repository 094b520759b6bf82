package io.millrace.remote.cli.diagram;

import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InputSource;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source;
import io.millrace.graph.Supervision.RestartPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The words for the parts of a graph, the same in every form of a picture. */
final class Labels {
    private Labels() {}

    /** {@code class Camera} for {@code class com.acme.Camera}: what fits into a box. */
    static String shortSource(Source source) {
        if (source instanceof Source.ClassSource written) {
            return "class " + written.className().substring(written.className().lastIndexOf('.') + 1);
        }
        return source.toString();
    }

    /** {@code 10}, {@code 64 backpressure}, {@code latest}: the default policy goes without saying. */
    static String queue(GraphInput input) {
        return switch (input.policy()) {
            case DROP_OLDEST -> Integer.toString(input.queueSize());
            case BACKPRESSURE -> input.queueSize() + " " + QueuePolicy.BACKPRESSURE.key();
            case LATEST -> QueuePolicy.LATEST.key();
        };
    }

    /** The queue with every word, for where there is room. */
    static String queueInFull(GraphInput input) {
        String timeout =
                input.timeout().map(t -> ", input_timeout " + duration(t)).orElse("");
        return "queue_size " + input.queueSize() + ", " + input.policy().key() + timeout;
    }

    /** What an input that is no edge hears of: {@code 100 ms}, {@code 30 Hz}, {@code app/commands}, {@code logs/warn}. */
    static String shortSource(InputSource source) {
        if (source instanceof InputSource.Timer timer) {
            int hertz = timer.text().indexOf("/hz/");
            return hertz < 0 ? duration(timer.interval()) : timer.text().substring(hertz + 4) + " Hz";
        }
        String text = source.toString();
        int slash = text.indexOf('/');
        return source instanceof InputSource.OutputRef ? text : text.substring(slash + 1);
    }

    /** In the largest unit that it fills. */
    static String duration(Duration duration) {
        long nanos = saturatedNanos(duration);
        if (nanos >= 1_000_000_000L) {
            return scaled(nanos, 9) + " s";
        }
        if (nanos >= 1_000_000L) {
            return scaled(nanos, 6) + " ms";
        }
        return nanos >= 1_000L ? scaled(nanos, 3) + " us" : nanos + " ns";
    }

    private static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    private static String scaled(long nanos, int digits) {
        return BigDecimal.valueOf(nanos, digits).stripTrailingZeros().toPlainString();
    }

    /** How a node differs from most: {@code process}, {@code restarts on failure}, {@code cores 0, 1}. */
    static List<String> traits(GraphNode node) {
        List<String> traits = new ArrayList<>();
        // Of programs that goes without saying.
        boolean isClass = node.operators().stream().anyMatch(code -> code.source() instanceof Source.ClassSource);
        if (isClass && node.execution().isolation() == Isolation.PROCESS) {
            traits.add("own process");
        }
        RestartPolicy restart = node.supervision().restartPolicy();
        if (restart != RestartPolicy.NEVER) {
            traits.add(restart == RestartPolicy.ALWAYS ? "restarts always" : "restarts on failure");
        }
        if (!node.execution().cpuAffinity().isEmpty()) {
            traits.add("cores "
                    + node.execution().cpuAffinity().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")));
        }
        node.execution().idle().ifPresent(idle -> traits.add("idle " + idle.key()));
        node.deployment().labels().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(label -> traits.add(label.getKey() + "=" + label.getValue()));
        return traits;
    }
}
