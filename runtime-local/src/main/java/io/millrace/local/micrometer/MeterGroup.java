package io.millrace.local.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.millrace.runtime.DataflowMetrics.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
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

    private final MeterRegistry registry;
    private final String prefix;
    private final Tags tags;
    private final Supplier<T> source;
    private final List<Meter> made = new ArrayList<>();

    MeterGroup(MeterRegistry registry, String prefix, Tags tags, Supplier<T> source) {
        this.registry = registry;
        this.prefix = prefix;
        this.tags = tags;
        this.source = source;
    }

    MeterGroup<T> counter(String name, String unit, String description, ToDoubleFunction<T> value) {
        return counter(name, unit, description, Tags.empty(), value);
    }

    MeterGroup<T> counter(String name, String unit, String description, Tags more, ToDoubleFunction<T> value) {
        // Registries hold what a counter is read from weakly; that the function holds it, too, keeps it.
        Supplier<T> kept = source;
        made.add(FunctionCounter.builder(prefix + name, kept, ignored -> value.applyAsDouble(kept.get()))
                .tags(tags.and(more))
                .baseUnit(unit)
                .description(description)
                .register(registry));
        return this;
    }

    MeterGroup<T> gauge(String name, String unit, String description, ToDoubleFunction<T> value) {
        made.add(Gauge.builder(prefix + name, () -> value.applyAsDouble(source.get()))
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .register(registry));
        return this;
    }

    /** Percentiles and the maximum. */
    MeterGroup<T> times(String name, String description, Function<T, Times> times) {
        PERCENTILES.forEach((phi, percentile) -> made.add(TimeGauge.builder(
                        prefix + name + ".percentile",
                        () -> percentile.applyAsLong(times.apply(source.get())),
                        TimeUnit.NANOSECONDS)
                .tags(tags.and("phi", phi))
                .description(description)
                .register(registry)));
        made.add(TimeGauge.builder(
                        prefix + name + ".max", () -> times.apply(source.get()).maxNs(), TimeUnit.NANOSECONDS)
                .tags(tags)
                .description(description)
                .register(registry));
        return this;
    }

    /** Takes them out of the registry. */
    void remove() {
        made.forEach(registry::remove);
    }
}
