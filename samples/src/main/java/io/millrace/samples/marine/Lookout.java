package io.millrace.samples.marine;

import io.millrace.node.Input;
import io.millrace.node.InvalidConfigException;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/**
 * Warns of shallow water: an {@link Alarm} is raised below {@code raise_below} metres and cleared above {@code clear_above}. Between the two nothing changes,
 * so that an echo that wavers about one depth does not ring the bell at each swing.
 */
public final class Lookout implements Operator {
    private double raiseBelowMeters;
    private double clearAboveMeters;
    private boolean raised;
    private Output alarm;

    @Override
    public void open(NodeContext context) {
        raiseBelowMeters = context.config().decimal("raise_below", 3.0);
        clearAboveMeters = context.config().decimal("clear_above", 3.5);
        if (!(raiseBelowMeters <= clearAboveMeters)) {
            throw new InvalidConfigException(
                    "node '" + context.nodeId() + "': config 'clear_above' must not be less than"
                            + " 'raise_below', which is " + raiseBelowMeters + ", found " + clearAboveMeters);
        }
        alarm = context.output("alarm");
    }

    @Override
    public void onInput(Input input, Message message) {
        Depth depth = Depth.read(message);
        if (!raised && depth.meters() < raiseBelowMeters) {
            change(depth, true, raiseBelowMeters);
        } else if (raised && depth.meters() > clearAboveMeters) {
            change(depth, false, clearAboveMeters);
        }
    }

    private void change(Depth depth, boolean toRaised, double limitMeters) {
        raised = toRaised;
        Alarm.write(alarm, depth.timeMs(), depth.meters(), limitMeters, toRaised);
    }
}
