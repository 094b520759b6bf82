package io.millrace.local.jfr;

import io.millrace.runtime.NodeState;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.NodeState")
@Label("Node State")
@Description("A node has come to another state: opening, ready, running, or one of its ends")
@Category("Millrace")
@StackTrace(false)
final class NodeStateEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("Node")
    @Nullable String node;

    @Label("State")
    @Nullable String state;

    static void commit(String dataflow, String node, NodeState state) {
        NodeStateEvent event = new NodeStateEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.node = node;
            event.state = state.name().toLowerCase(Locale.ROOT);
            event.commit();
        }
    }
}
