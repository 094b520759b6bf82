package io.millrace.local.run;

import io.millrace.local.jfr.FlightEvents;
import io.millrace.runtime.DataflowEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told what happens to a dataflow: the flight recorder, and whoever was added. The coordinator's thread. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final String dataflow;
    private final List<Consumer<DataflowEvent>> listeners = new CopyOnWriteArrayList<>(); // one may add another

    Listeners(String dataflow) {
        this.dataflow = dataflow;
    }

    void add(Consumer<DataflowEvent> listener) {
        listeners.add(listener);
    }

    void tell(DataflowEvent event) {
        FlightEvents.emit(dataflow, event);
        for (Consumer<DataflowEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (Throwable t) { // a listener is the application's, and its failure nobody else's
                LOG.error("dataflow '{}': a listener failed on {}", dataflow, event, t);
            }
        }
    }
}
