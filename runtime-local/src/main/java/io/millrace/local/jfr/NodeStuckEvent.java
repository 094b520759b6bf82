package io.millrace.local.jfr;

import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.NodeStuck")
@Label("Node Stuck")
@Description("A node has given no sign of life for longer than its health_check_timeout")
@Category("Millrace")
@StackTrace(false)
final class NodeStuckEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("Node")
    @Nullable String node;

    @Label("Stuck For At Least")
    @Timespan(Timespan.NANOSECONDS)
    long stuckFor;

    @Label("Position")
    @Description("Where its thread stands")
    @Nullable String position;

    static void commit(String dataflow, String node, long stuckForNs, List<StackTraceElement> stack) {
        NodeStuckEvent event = new NodeStuckEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.node = node;
            event.stuckFor = stuckForNs;
            event.position = FlightEvents.position(stack);
            event.commit();
        }
    }
}
