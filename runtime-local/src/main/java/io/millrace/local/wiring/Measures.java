package io.millrace.local.wiring;

import io.millrace.local.agent.HandlingTimes;
import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.agent.TimerTicks;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.TimeSamples;
import io.millrace.local.plan.Plan;
import io.millrace.node.Clock;
import io.millrace.runtime.StartOptions;

/**
 * What of a dataflow is measured.
 *
 * @param isOn whether more than messages are counted
 * @param digits how exactly times are kept
 */
record Measures(boolean isOn, Clock clock, int digits) {
    /** Nodes and edges beyond which times are kept less exactly, so that histograms stay small beside all else. */
    private static final int FINELY_MEASURED = 500;

    static Measures of(Plan plan, StartOptions options) {
        int measured = plan.nodes().size() + plan.graph().edges().size();
        int digits = measured > FINELY_MEASURED ? TimeSamples.COARSE : TimeSamples.FINE;
        return new Measures(options.metrics(), options.clock(), digits);
    }

    HandlingTimes handling() {
        return new HandlingTimes.Padded(clock, digits, isOn);
    }

    void measure(Edge ring) {
        if (isOn) {
            ring.measure(clock, digits);
        }
    }

    void measure(TimerTicks ticks) {
        if (isOn) {
            ticks.measure(digits);
        }
    }

    void measure(InputPort input) {
        if (isOn) {
            input.countBytes();
        }
    }

    void measure(OutputPort output) {
        if (isOn) {
            output.countBytes();
        }
    }
}
