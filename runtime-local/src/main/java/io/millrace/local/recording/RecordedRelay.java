package io.millrace.local.recording;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.util.HashMap;
import java.util.Map;

/**
 * Stands where a node gave way to a recording, on whatever machine: sends on, as it came, what {@link PublishedReplay} publishes. Made by its name; of no use by itself.
 *
 * <p>Config: for each input the id of the output that it belongs to.
 */
public final class RecordedRelay implements Operator {
    private final Map<String, Output> outputs = new HashMap<>(); // by the input's id

    /** Called by its name. */
    public RecordedRelay() {}

    @Override
    public void open(NodeContext context) {
        for (Input input : context.inputs()) {
            outputs.put(input.id(), context.output(context.config().text(input.id())));
        }
    }

    @Override
    public void onInput(Input input, Message message) {
        Output output = outputs.get(input.id());
        if (output != null) {
            output.send(message);
        }
    }
}
