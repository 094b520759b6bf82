package io.millrace.local.recording;

import java.util.Set;

/**
 * How a recording is fed into a dataflow.
 *
 * @param nodes whose place it takes, and {@code millrace/app/NAME} for that of the application; empty for every node without data inputs that has outputs, and all that the
 *     application published
 * @param speed times the pace at which the messages were sent; 0 for as fast as they are taken
 * @param selection what of it is fed
 */
public record ReplayOptions(Set<String> nodes, double speed, Selection selection) {
    /** All of it, in place of the sources, at its own pace. */
    public static final ReplayOptions DEFAULT = new ReplayOptions(Set.of(), 1, Selection.ALL);

    public ReplayOptions {
        nodes = Set.copyOf(nodes);
        if (!(speed >= 0) || Double.isInfinite(speed)) {
            throw new IllegalArgumentException("the speed must be 0 or more, found " + speed);
        }
    }

    /** As fast as messages are taken. */
    public ReplayOptions flatOut() {
        return new ReplayOptions(nodes, 0, selection);
    }

    /** So many times the pace at which the messages were sent. */
    public ReplayOptions withSpeed(double times) {
        return new ReplayOptions(nodes, times, selection);
    }

    /** In place of these nodes. */
    public ReplayOptions inPlaceOf(Set<String> replaced) {
        return new ReplayOptions(replaced, speed, selection);
    }

    /** Of the recording only this. */
    public ReplayOptions of(Selection wanted) {
        return new ReplayOptions(nodes, speed, wanted);
    }
}
