package io.millrace.graph;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a node is run.
 *
 * @param idle what its thread does when there is nothing to do; empty for the runtime's default
 * @param cpuAffinity the cores it is pinned to, empty for any
 * @param payloadBudgetBytes memory for large payloads of each of its outputs
 */
public record Execution(
        Isolation isolation, Optional<Idle> idle, List<Integer> cpuAffinity, OptionalLong payloadBudgetBytes) {
    /** Nothing written. */
    public static final Execution DEFAULT =
            new Execution(Isolation.THREAD, Optional.empty(), List.of(), OptionalLong.empty());

    public Execution {
        cpuAffinity = List.copyOf(cpuAffinity);
    }

    public Execution withIdle(Optional<Idle> strategy) {
        return new Execution(isolation, strategy, cpuAffinity, payloadBudgetBytes);
    }

    /** What separates a node from the others. */
    public enum Isolation {
        THREAD,
        PROCESS
    }

    /** What a node's thread does when there is nothing to do. */
    public enum Idle {
        /** Spin while a core is spare, then park and be signalled. */
        PARK("park"),
        /** Back off in steps: spin, yield, short sleeps. */
        BACKOFF("backoff"),
        /** Yield the core and look again. */
        YIELD("yield"),
        /** Take a whole core for the lowest latency. */
        BUSY_SPIN("busy-spin");

        private final String key;

        Idle(String key) {
            this.key = key;
        }

        /** As written in a dataflow file. */
        public String key() {
            return key;
        }
    }
}
