package io.millrace.samples.mixed;

import io.millrace.node.Config;
import io.millrace.node.Input;
import io.millrace.node.InvalidConfigException;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.samples.marine.ApparentWind;
import io.millrace.samples.marine.Depth;

/**
 * Puts depth, and the speed of the apparent wind, on a grid of equal times and sends it in blocks.
 *
 * <ul>
 *   <li>{@code interval_seconds}: from one sample to the next; 2 unless said
 *   <li>{@code block}: samples in a block; 256 unless said
 *   <li>{@code hop}: from the begin of one block to that of the next; half a block unless said
 *   <li>{@code longest_gap_seconds}: a longer one is not bridged; 30 unless said
 * </ul>
 */
public final class Resampler implements Operator {
    private static final int LARGEST_BLOCK = 65_536;

    private Grid depths;
    private Grid winds;

    @Override
    public void open(NodeContext context) {
        Config config = context.config();
        double intervalMs = config.decimal("interval_seconds", 2) * 1000;
        long block = config.integer("block", 256);
        long hop = config.integer("hop", block / 2);
        double gapMs = config.decimal("longest_gap_seconds", 30) * 1000;
        check(context, intervalMs >= 1 && intervalMs <= 3_600_000, "interval_seconds", "0.001 to 3600");
        check(context, block >= 8 && block <= LARGEST_BLOCK && block % 2 == 0, "block", "an even number, 8 to 65536");
        check(context, hop >= 1 && hop <= block, "hop", "1 to 'block'");
        check(
                context,
                gapMs >= intervalMs && gapMs <= 86_400_000,
                "longest_gap_seconds",
                "'interval_seconds' to 86400");
        Output depth = context.output("depth");
        Output wind = context.output("wind");
        depths = new Grid((long) intervalMs, (int) block, (int) hop, (long) gapMs, made -> made.send(depth));
        winds = new Grid((long) intervalMs, (int) block, (int) hop, (long) gapMs, made -> made.send(wind));
    }

    private static void check(NodeContext context, boolean isGood, String key, String expected) {
        if (!isGood) {
            throw new InvalidConfigException("node '" + context.nodeId() + "': config '" + key + "' must be " + expected
                    + ", found " + context.config().asMap().get(key));
        }
    }

    @Override
    public void onInput(Input input, Message message) {
        if (input.id().equals("depth")) {
            Depth depth = Depth.read(message);
            depths.add(depth.timeMs(), depth.meters());
        } else {
            ApparentWind wind = ApparentWind.read(message);
            winds.add(wind.timeMs(), wind.knots());
        }
    }
}
