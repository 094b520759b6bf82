package io.millrace.remote.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;

/** Notes what comes to it. */
public final class Witness implements Operator {
    private Notes notes;

    @Override
    public void open(NodeContext context) {
        notes = new Notes(context);
        notes.write("open", "");
    }

    @Override
    public void onInput(Input input, Message message) {
        if (!input.id().equals("tick")) { // which only keeps it alive
            notes.write("in", message.text());
        }
    }

    @Override
    public void onInputClosed(Input input) {
        notes.write("closed", input.id());
    }

    @Override
    public void onInputRecovered(Input input) {
        notes.write("recovered", input.id());
    }

    @Override
    public void onNodeFailed(NodeFailure failure) {
        notes.write("failed", failure.toString());
    }

    @Override
    public void onNodeRestarted(String node) {
        notes.write("restarted", node);
    }

    @Override
    public void close() {
        notes.write("close", "");
    }
}
