package io.millrace.samples.machines;

import io.millrace.codec.Codecs;
import io.millrace.node.Event;
import io.millrace.node.InvalidConfigException;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.util.SplittableRandom;

/**
 * Sends a random number with every tick, and ends after the last one.
 *
 * <ul>
 *   <li>{@code count}: how many; 100 unless said
 *   <li>{@code seed}: the same seed gives the same numbers; 1 unless said
 * </ul>
 */
public final class RandomValues implements Node {
    private long count;
    private SplittableRandom random = new SplittableRandom();

    @Override
    public void open(NodeContext context) {
        count = context.config().integer("count", 100);
        if (count < 1) {
            throw new InvalidConfigException(
                    "node '" + context.nodeId() + "': config 'count' must be at least 1, found '" + count + "'");
        }
        random = new SplittableRandom(context.config().integer("seed", 1));
    }

    @Override
    public void run(NodeContext context) {
        Output output = context.output("random");
        long sent = 0;
        while (sent < count) {
            Event event = context.next();
            if (event == null) {
                return;
            }
            if (event.type() == Event.Type.INPUT) {
                Codecs.LONG.send(output, random.nextLong());
                sent++;
            }
        }
    }
}
