package io.millrace.local.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.NodeFailed")
@Label("Node Failed")
@Description("A node has failed")
@Category("Millrace")
@StackTrace(false)
final class NodeFailedEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("Node")
    @Nullable String node;

    @Label("Exception")
    @Nullable Class<?> thrownClass;

    @Label("Message")
    @Nullable String message;

    static void commit(String dataflow, String node, Throwable thrown) {
        NodeFailedEvent event = new NodeFailedEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.node = node;
            event.thrownClass = thrown.getClass();
            event.message = messageOf(thrown);
            event.commit();
        }
    }

    private static @Nullable String messageOf(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException e) { // a message that is made by somebody's code
            return null;
        }
    }
}
