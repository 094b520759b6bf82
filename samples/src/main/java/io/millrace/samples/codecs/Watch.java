package io.millrace.samples.codecs;

import io.millrace.codec.RecordView;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.samples.codecs.Sounding.Quality;
import java.time.Duration;

/** Says how long the water has been shallow. Makes no object for a sounding: it looks at three components in place. */
public final class Watch implements Operator {
    private static final int METERS = Sounding.CODEC.indexOf("meters");
    private static final int TIME_MS = Sounding.CODEC.indexOf("timeMs");
    private static final int QUALITY = Sounding.CODEC.indexOf("quality");

    private final RecordView sounding = Sounding.CODEC.view();
    private NodeContext context;
    private long sinceMs = -1;

    @Override
    public void open(NodeContext opened) {
        context = opened;
    }

    @Override
    public void onInput(Input input, Message message) {
        sounding.wrap(message);
        boolean clear = sounding.getEnum(QUALITY, Quality.class) == Quality.CLEAR;
        if (clear && sounding.getFloat(METERS) < 2) {
            long timeMs = sounding.getLong(TIME_MS);
            sinceMs = sinceMs < 0 ? timeMs : sinceMs;
            DurationCodec.INSTANCE.send(context.output("shallow"), Duration.ofMillis(timeMs - sinceMs));
        } else if (clear) {
            sinceMs = -1;
        }
    }
}
