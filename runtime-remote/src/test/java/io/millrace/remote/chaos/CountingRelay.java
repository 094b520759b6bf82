package io.millrace.remote.chaos;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/** Notes each message, and sends it on under a number of its own where it has an output. */
public final class CountingRelay implements Operator {
    private Trace trace;
    private @Nullable Output out;
    private long sequence;

    @Override
    public void open(NodeContext context) throws Exception {
        trace = new Trace(context);
        out = context.outputs().isEmpty() ? null : context.output("out");
    }

    @Override
    public void onInput(Input input, Message message) throws Exception {
        Numbered received = Numbered.parse(message.text());
        trace.received(received);
        if (out != null) {
            out.send(new Numbered(trace.id(), sequence++, received.origin()).toString());
        }
    }

    @Override
    public void close() throws Exception {
        trace.close();
    }
}
