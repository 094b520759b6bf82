package io.millrace.benchmarks.soak;

import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Looks at what comes and sends it on, where it has an output. Fails by plan as {@link Source} does, having taken a message and not sent it. */
public final class Relay implements Operator {
    private Tape[] tapes = {};
    private Output[] outputs = {};
    private AtomicLong sent = new AtomicLong();
    private @Nullable Mishaps mishaps;
    private String node = "";

    @Override
    public void open(NodeContext context) {
        node = context.nodeId();
        Ledger ledger = Ledger.find(context.config().text("ledger"));
        boolean isLossless = context.config().flag("lossless");
        tapes = context.inputs().stream()
                .map(input -> ledger.tape(node + "/" + input.id(), isLossless))
                .toArray(Tape[]::new);
        outputs = context.outputs().toArray(Output[]::new);
        sent = ledger.count(node + " sent");
        mishaps = new Mishaps(
                ledger,
                context.config().integer("crash_every"),
                new SplittableRandom(context.config().integer("seed") + context.incarnation()));
    }

    @Override
    public void onInput(Input input, Message message) {
        tapes[input.index()].see(message);
        Objects.requireNonNull(mishaps).maybe(node);
        for (Output output : outputs) {
            Claim claim = output.claim(message.length());
            Content.copy(message, claim);
            claim.commit();
            sent.lazySet(sent.get() + 1);
        }
    }
}
