package io.millrace.remote.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.util.concurrent.CountDownLatch;

/** Does not end before it is released. Of one test, for it is so but once. */
public final class Holder implements Operator {
    public static final CountDownLatch HANDLED = new CountDownLatch(1);
    public static final CountDownLatch CLOSING = new CountDownLatch(1);
    public static final CountDownLatch RELEASED = new CountDownLatch(1);

    @Override
    public void open(NodeContext opened) {
        // It needs nothing.
    }

    @Override
    public void onInput(Input input, Message message) {
        HANDLED.countDown();
    }

    @Override
    public void close() throws InterruptedException {
        CLOSING.countDown();
        RELEASED.await();
    }
}
