package io.millrace.local.wiring;

import io.millrace.graph.GraphInput;
import io.millrace.local.agent.Holds;
import io.millrace.local.agent.Retention;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.pool.SlabPool;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What readers of a dataflow may keep of payloads: the memory for copies, and the account of who holds what. Any thread. */
public final class Retentions {
    private static final Logger LOG = LoggerFactory.getLogger(Retentions.class);

    private final Holds holds;
    private final boolean debug;

    Retentions(String dataflow, boolean debug) {
        this.holds = new Holds(dataflow, debug, LOG::warn);
        this.debug = debug;
    }

    /** For copies of what a node retains, as large as its budget. */
    SlabPool copiesOf(PlannedNode node) {
        return copies(holder(node), node.node().execution().payloadBudgetBytes());
    }

    /** @param port the input's full name */
    Retention ofInput(PlannedNode node, GraphInput input, String port, SlabPool copies) {
        return new Retention(holds, copies, holder(node), "input '" + port + "' (output '" + input.source() + "')");
    }

    /** For who reads this output without being part of the graph. */
    public Retention ofApplication(String output) {
        SlabPool copies = copies("a subscription to '" + output + "'", OptionalLong.empty());
        return new Retention(holds, copies, "the application", "output '" + output + "'");
    }

    private SlabPool copies(String holder, OptionalLong budgetBytes) {
        return new SlabPool("what " + holder + " retains", budgetBytes, () -> {}, debug);
    }

    private static String holder(PlannedNode node) {
        return "node '" + node.node().id() + "'";
    }

    /** Says what is still held, where that is kept account of. */
    void close() {
        holds.close();
    }
}
