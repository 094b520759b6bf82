package io.millrace.local.jfr;

import io.millrace.runtime.DataflowState;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.millrace.DataflowState")
@Label("Dataflow State")
@Description("A dataflow has come to another state: running, stopping, or one of its ends")
@Category("Millrace")
@StackTrace(false)
final class DataflowStateEvent extends Event {
    @Label("Dataflow")
    @Nullable String dataflow;

    @Label("State")
    @Nullable String state;

    static void commit(String dataflow, DataflowState state) {
        DataflowStateEvent event = new DataflowStateEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.state = state.name().toLowerCase(Locale.ROOT);
            event.commit();
        }
    }
}
