package io.millrace.local.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.NodeRestarted")
@Label("Node Restarted")
@Description("A node runs again")
@Category("Millrace")
@StackTrace(false)
final class NodeRestartedEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("Node")
    @Nullable String node;

    @Label("Incarnation")
    @Description("1 after the first restart")
    int incarnation;

    static void commit(String dataflow, String node, int incarnation) {
        NodeRestartedEvent event = new NodeRestartedEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.node = node;
            event.incarnation = incarnation;
            event.commit();
        }
    }
}
