package io.millrace.local.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.Times;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of one node, edge or timer, made with the same tags.
 *
 * @param <T> what they are read from
 */
final class MeterGroup<T> {
    private static final Map<String, ToLongFunction<Times>> PERCENTILES =
            Map.of("0.5", Times::p50Ns, "0.9", Times::p90Ns, "0.99", Times::p99Ns, "0.999", Times::p999Ns);

    private final Binding binding;
    private final String prefix;
    private final Tags tags;
    private final Snapshot snapshot;
    private final Function<DataflowMetrics, T> source;

    MeterGroup(Binding binding, String prefix, Tags tags, Snapshot snapshot, Function<DataflowMetrics, T> source) {
        this.binding = binding;
        this.prefix = prefix;
        this.tags = tags;
        this.snapshot = snapshot;
        this.source = source;
    }

    MeterGroup<T> counter(String name, String unit, String description, ToDoubleFunction<T> value) {
        return counter(name, unit, description, Tags.empty(), value);
    }

    MeterGroup<T> counter(String name, String unit, String description, Tags more, ToDoubleFunction<T> value) {
        // Registries hold what a counter is read from weakly; that the function holds it, too, keeps it.
        Count count = new Count(() -> read(value));
        binding.add(FunctionCounter.builder(prefix + name, count, ignored -> count.now())
                .tags(tags.and(more))
                .baseUnit(unit)
                .description(description)
                .register(binding.registry()));
        return this;
    }

    MeterGroup<T> gauge(String name, String unit, String description, ToDoubleFunction<T> value) {
        binding.add(Gauge.builder(prefix + name, () -> read(value))
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .register(binding.registry()));
        return this;
    }

    /** Percentiles and the maximum. */
    MeterGroup<T> times(String name, String description, Function<T, Times> times) {
        PERCENTILES.forEach((phi, percentile) -> binding.add(TimeGauge.builder(
                        prefix + name + ".percentile",
                        () -> read(from -> percentile.applyAsLong(times.apply(from))),
                        TimeUnit.NANOSECONDS)
                .tags(tags.and("phi", phi))
                .description(description)
                .register(binding.registry())));
        binding.add(TimeGauge.builder(
                        prefix + name + ".max",
                        () -> read(from -> times.apply(from).maxNs()),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .description(description)
                .register(binding.registry()));
        return this;
    }

    private double read(ToDoubleFunction<T> value) {
        return snapshot.read(metrics -> value.applyAsDouble(source.apply(metrics)));
    }

    /** A counter's value, which is what it was last while it cannot be read. Any thread. */
    private static final class Count {
        private final DoubleSupplier reading;
        private volatile double last;

        Count(DoubleSupplier reading) {
            this.reading = reading;
        }

        double now() {
            double read = reading.getAsDouble();
            if (Double.isNaN(read)) {
                return last;
            }
            last = read;
            return read;
        }
    }
}
