package io.millrace.local.part;

import io.millrace.local.edge.Edge;
import java.util.List;

/**
 * Is told what concerns those beyond the edges of a part. Called by the thread of the node concerned or by the one that brings about the part's end; must not
 * block. What it throws is logged. Consumers in parts that are joined are told without it.
 */
public interface PartListener {

    /**
     * A node has failed that feeds one elsewhere. Before its outputs close.
     *
     * @param consumer the node elsewhere
     * @param inputs the names of its inputs concerned
     */
    void onNodeFailed(String consumer, String failed, String error, List<String> inputs);

    /** A node runs again that feeds one elsewhere. Before the new incarnation sends anything. */
    void onNodeRestarted(String consumer, String restarted);

    /**
     * A node was stuck and is replaced: whoever writes into this edge goes on with {@code fresh}, and closes the writer that it had. What it has put into the one before and
     * was not taken is lost.
     */
    default void onInputReplaced(String edge, Edge fresh) {}

    /** A node was stuck and is replaced: whoever reads this edge goes on with {@code fresh}, and closes the reader that it had. */
    default void onOutputReplaced(String edge, Edge fresh) {}

    /**
     * A node of the part has logged something of level INFO or above, or of the {@code min_log_level} that is written for it. On the thread that logs: any, and several at a
     * time.
     */
    default void onLogged(LogLine line) {}

    /** All nodes of the part have ended but those that somebody starts by hand: see {@code LocalPart.dismiss}. Once. */
    default void onOnlyDynamicLeft() {}
}
