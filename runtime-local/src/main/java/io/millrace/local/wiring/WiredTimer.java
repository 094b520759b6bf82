package io.millrace.local.wiring;

import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.TimerTicks;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A timer input.
 *
 * @param source as the flow file has it
 * @param port of the incarnation that counts
 */
record WiredTimer(String input, String node, String source, Supplier<InputPort> port) {
    TimerTicks ticks() {
        return Objects.requireNonNull(port.get().timer());
    }
}
