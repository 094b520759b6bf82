package io.millrace.benchmarks.soak;

import io.millrace.Dataflow;

/** The dataflow that soaks: every queue policy, payloads of all sizes, nodes that fail and are started again. */
final class SoakFlow {
    private static final String FILE = """
            name: soak
            nodes:
              - id: small
                class: io.millrace.benchmarks.soak.Source
                config: {ledger: LEDGER, seed: SEED, most: 4096, crash_every: 0}
                outputs: [data]

              - id: large
                class: io.millrace.benchmarks.soak.Source
                config: {ledger: LEDGER, seed: SEED, most: 4194304, crash_every: LARGE_CRASHES}
                outputs: [data]
                restart_policy: on-failure
                restart_delay: 10ms
                max_restart_delay: 50ms

              - id: relay
                class: io.millrace.benchmarks.soak.Relay
                config: {ledger: LEDGER, seed: SEED, lossless: true, crash_every: SMALL_CRASHES}
                inputs:
                  small: {source: small/data, queue_policy: backpressure, queue_size: 256}
                  large: {source: large/data, queue_policy: backpressure, queue_size: 4}
                outputs: [data]
                restart_policy: on-failure
                restart_delay: 10ms
                max_restart_delay: 50ms

              - id: keeper
                class: io.millrace.benchmarks.soak.Relay
                config: {ledger: LEDGER, seed: SEED, lossless: true, crash_every: SMALL_CRASHES}
                inputs:
                  data: {source: relay/data, queue_policy: backpressure, queue_size: 64}
                restart_policy: on-failure
                restart_delay: 10ms
                max_restart_delay: 50ms

              - id: sampler
                class: io.millrace.benchmarks.soak.Relay
                config: {ledger: LEDGER, seed: SEED, lossless: false, crash_every: SMALL_CRASHES}
                inputs:
                  small: {source: small/data, queue_size: 100}
                  large: {source: large/data, queue_size: 3}
                  tick: dora/timer/millis/10
                restart_policy: on-failure
                restart_delay: 10ms
                max_restart_delay: 50ms

              - id: glance
                class: io.millrace.benchmarks.soak.Relay
                config: {ledger: LEDGER, seed: SEED, lossless: false, crash_every: 0}
                inputs:
                  small: {source: small/data, queue_policy: latest}
                  large: {source: large/data, queue_policy: latest}
            """;

    private SoakFlow() {}

    /** @param smallCrashes every so many messages a node of the small ones fails, on average; 0 for never */
    static Dataflow create(String ledger, long seed, long smallCrashes, long largeCrashes) {
        return Dataflow.parse(FILE.replace("LEDGER", ledger)
                .replace("SEED", Long.toString(seed))
                .replace("SMALL_CRASHES", Long.toString(smallCrashes))
                .replace("LARGE_CRASHES", Long.toString(largeCrashes)));
    }
}
