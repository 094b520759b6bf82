package io.millrace.local.wiring;

import io.millrace.local.agent.Commands;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a tap, or a subscription, attaches to: an output of a node, wherever that is, or what the application publishes into an input. Any thread. */
public interface TappedOutput {

    /**
     * Has the command run when no message is being sent.
     *
     * @return false if nothing is sent any more, and so the command never runs
     */
    boolean post(Commands.Command command);

    /** To be used within such a command only. */
    OutputPort port();

    /** How it learns of room; null if it never parks. */
    @Nullable WakeSignal signal();

    /**
     * From now on the reader goes over to whatever takes the place of this.
     *
     * @param edges makes one for each
     */
    void keep(OutputEnd.Moving reader, Supplier<Edge> edges);

    /** Those that were told of by {@link #keep}, with some that are over. */
    Collection<OutputEnd.Moving> readers();

    /** The node that sends; empty for the application. */
    String node();
}
