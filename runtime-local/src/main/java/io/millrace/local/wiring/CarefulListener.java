package io.millrace.local.wiring;

import io.millrace.local.edge.Edge;
import io.millrace.local.part.LogLine;
import io.millrace.local.part.PartListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from those who tell it: nodes, and the thread that ends them. */
final class CarefulListener implements PartListener {
    private static final Logger LOG = LoggerFactory.getLogger(CarefulListener.class);

    private final String dataflow;
    private final PartListener listener;

    CarefulListener(String dataflow, PartListener listener) {
        this.dataflow = dataflow;
        this.listener = listener;
    }

    @Override
    public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
        tell("the failure of node '" + failed + "'", () -> listener.onNodeFailed(consumer, failed, error, inputs));
    }

    @Override
    public void onNodeRestarted(String consumer, String restarted) {
        tell("the restart of node '" + restarted + "'", () -> listener.onNodeRestarted(consumer, restarted));
    }

    @Override
    public void onInputReplaced(String edge, Edge fresh) {
        tell("another edge '" + edge + "'", () -> listener.onInputReplaced(edge, fresh));
    }

    @Override
    public void onOutputReplaced(String edge, Edge fresh) {
        tell("another edge '" + edge + "'", () -> listener.onOutputReplaced(edge, fresh));
    }

    @Override
    public void onLogged(LogLine line) {
        tell("what node '" + line.part() + "' has logged", () -> listener.onLogged(line));
    }

    @Override
    public void onOnlyDynamicLeft() {
        tell("the end of all nodes but those that are started by hand", listener::onOnlyDynamicLeft);
    }

    private void tell(String news, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) { // who listens is somebody else, and its failure nobody's here
            LOG.error("dataflow '{}': the listener of a part failed when it was told of {}", dataflow, news, e);
        }
    }
}
