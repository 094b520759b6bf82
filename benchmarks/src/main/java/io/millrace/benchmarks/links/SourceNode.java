package io.millrace.benchmarks.links;

import io.millrace.node.Claim;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends at all its outputs in turns as fast as there is room; at the output {@code aside} only when there is room. */
public final class SourceNode implements Node {
    private static final int BETWEEN_LOOKS = 32;

    @Override
    public void run(NodeContext context) {
        int length = (int) context.config().integer("length");
        long endNs = System.nanoTime() + (long) (context.config().decimal("seconds") * 1e9);
        List<Output> outputs = new ArrayList<>(context.outputs());
        outputs.removeIf(output -> output.id().equals("aside"));
        @Nullable Output aside = context.outputs().size() == outputs.size() ? null : context.output("aside");
        for (long i = 0; i % BETWEEN_LOOKS != 0 || System.nanoTime() - endNs < 0; i++) {
            for (int k = 0; k < outputs.size(); k++) {
                send(outputs.get(k).claim(length), i);
            }
            if (aside != null) {
                send(aside.tryClaim(length), i);
            }
        }
    }

    private static void send(@Nullable Claim claim, long number) {
        if (claim != null) {
            claim.putLong(0, number);
            claim.commit();
        }
    }
}
