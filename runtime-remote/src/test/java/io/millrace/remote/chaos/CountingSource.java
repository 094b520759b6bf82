package io.millrace.remote.chaos;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.time.Duration;

/** Sends some numbered messages at a time, for ever or until so many are sent. */
public final class CountingSource implements Node {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int AT_A_TIME = 15;

    private Trace trace;

    @Override
    public void open(NodeContext context) throws Exception {
        trace = new Trace(context);
    }

    @Override
    public void run(NodeContext context) throws Exception {
        long limit = context.config().integer("count", Long.MAX_VALUE);
        Output out = context.output("out");
        long sequence = 0;
        while (sequence < limit && context.sleep(PAUSE)) {
            for (int i = 0; i < AT_A_TIME && sequence < limit && !context.isStopping(); i++) {
                long now = System.nanoTime();
                trace.sent(now, sequence);
                out.send(new Numbered(trace.id(), sequence++, now).toString());
            }
        }
    }

    @Override
    public void close() throws Exception {
        trace.close();
    }
}
