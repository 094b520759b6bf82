package io.millrace.local.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.FirstDrop")
@Label("First Drop")
@Description("An edge has dropped a message for the first time, for its queue was full")
@Category("Millrace")
@StackTrace(false)
final class FirstDropEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("Edge")
    @Nullable String edge;

    static void commit(String dataflow, String edge) {
        FirstDropEvent event = new FirstDropEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.edge = edge;
            event.commit();
        }
    }
}
