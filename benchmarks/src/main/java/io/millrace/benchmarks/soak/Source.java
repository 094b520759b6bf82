package io.millrace.benchmarks.soak;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends as fast as it may, payloads of lengths from 0 to {@code most} bytes, small ones as often as large ones of twice the length. Fails by plan after about
 * {@code crash_every} messages, if that is not 0.
 */
public final class Source implements Node {
    private static final int BETWEEN_POLLS = 32;

    @Override
    public void run(NodeContext context) {
        Ledger ledger = Ledger.find(context.config().text("ledger"));
        AtomicLong sent = ledger.count(context.nodeId() + " sent");
        SplittableRandom random = new SplittableRandom(context.config().integer("seed") + context.incarnation());
        Mishaps mishaps = new Mishaps(ledger, context.config().integer("crash_every"), random.split());
        Output data = context.output("data");
        double mostBits = Math.log(context.config().integer("most") + 1.0);
        while (!isTold(context) && !data.isClosed()) {
            for (int i = 0; i < BETWEEN_POLLS && !data.isClosed(); i++) {
                send(data, (int) (Math.exp(random.nextDouble() * mostBits) - 1), sent);
                mishaps.maybe(context.nodeId());
            }
        }
    }

    private static void send(Output data, int length, AtomicLong sent) {
        Claim claim = data.claim(length);
        long number = sent.get();
        Content.write(claim, number);
        claim.commit();
        sent.lazySet(number + 1);
    }

    private static boolean isTold(NodeContext context) {
        @Nullable Event event = context.poll();
        return event != null && event.type() == Event.Type.STOP;
    }
}
