package io.millrace.local.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** The meters that were made in one registry at one time. Filled by one thread. */
final class Binding {
    private final MeterRegistry registry;
    private final Set<Meter> others;
    private final Set<Meter> made = identities();

    /** @param before of the same dataflow: where one of their meters is in the registry already, it stays and is theirs */
    Binding(MeterRegistry registry, Iterable<Binding> before) {
        this.registry = registry;
        this.others = metersOf(registry);
        before.forEach(binding -> others.removeAll(binding.made));
    }

    private static Set<Meter> metersOf(MeterRegistry registry) {
        Set<Meter> meters = identities();
        meters.addAll(registry.getMeters());
        return meters;
    }

    /** Meters of one name and tags are equal, whoever has made them. */
    private static Set<Meter> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    MeterRegistry registry() {
        return registry;
    }

    /**
     * Takes note of what the registry gave for a meter, which is what was there if one was.
     *
     * @throws IllegalStateException if it is somebody else's
     */
    void add(Meter meter) {
        if (others.contains(meter)) {
            throw new IllegalStateException(
                    "the registry has a meter '" + meter.getId().getName() + "' with the tags "
                            + meter.getId().getTags() + " already, and would not show this dataflow's: close the"
                            + " MillraceMetrics that it is from, or give those of each dataflow of this name a tag of their own, as"
                            + " in new MillraceMetrics(running, Tags.of(\"run\", \"2\"))");
        }
        made.add(meter);
    }

    /** Takes them out of the registry, and nothing that has come in their place. */
    void remove() {
        Set<Meter> there = metersOf(registry);
        made.stream().filter(there::contains).forEach(registry::remove);
    }
}
