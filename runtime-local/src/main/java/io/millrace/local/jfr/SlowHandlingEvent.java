package io.millrace.local.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.SlowHandling")
@Label("Slow Handling")
@Description("A node has been handling a message, or a batch of them, for longer than the threshold, and still is")
@Category("Millrace")
@StackTrace(false)
final class SlowHandlingEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("Node")
    @Nullable String node;

    @Label("Node Thread")
    @Nullable Thread nodeThread;

    @Label("Lasted So Far")
    @Timespan(Timespan.NANOSECONDS)
    long lasted;

    @Label("Position")
    @Description("Where its thread stands")
    @Nullable String position;
}
