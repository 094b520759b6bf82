package io.millrace.contract.nodes;

import io.millrace.node.Batch;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/** Takes messages in batches, but never more than {@code sip} of a batch, and sends their texts on. */
public final class Sipper implements Operator {
    private Output out;
    private long sip;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
        sip = context.config().integer("sip");
    }

    @Override
    public void onBatch(Input input, Batch batch) {
        for (long taken = 0; taken < sip; taken++) {
            @Nullable Message message = batch.next();
            if (message == null) {
                return;
            }
            out.send(message.text());
        }
    }
}
