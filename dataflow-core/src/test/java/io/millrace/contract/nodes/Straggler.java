package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Is busy with its first message until the dataflow is being stopped, and fails then. Fails once more if it is called after {@code close}. */
public final class Straggler implements Operator {
    private @Nullable NodeContext context;

    @Override
    public void open(NodeContext opened) {
        context = opened;
    }

    @Override
    public void onInput(Input input, Message message) throws InterruptedException {
        if (context == null) {
            throw new IllegalStateException("onInput was called after close");
        }
        while (!context.isStopping()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        // Whoever stops the dataflow has time to say so in every way there is.
        TimeUnit.MILLISECONDS.sleep(20);
        throw new IllegalStateException("straggler was told to fail");
    }

    @Override
    public void onStop() {
        if (context == null) {
            throw new IllegalStateException("onStop was called after close");
        }
    }

    @Override
    public void close() {
        context = null;
    }
}
