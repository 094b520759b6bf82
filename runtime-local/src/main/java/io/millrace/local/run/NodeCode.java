package io.millrace.local.run;

import java.util.List;

/** What runs on a node's thread: reactive operators, or a node with its own loop. Used by that thread only. */
interface NodeCode {

    /** Whether messages without room wait in the outputs. */
    boolean isReactive();

    /** Makes the instances and opens them. */
    void open() throws Exception;

    /** The node's life. */
    void run() throws Exception;

    /** Closes the instances that were opened, and forgets them: from now on nothing of theirs is called. What they throw fails the node. */
    void close();

    /** The name of the node, or of the operator whose callback runs or ran last. */
    String currentPart();

    /** The node has failed: tells the consumers, and sends what there is room for. */
    void onFailure(String error);

    /** Inputs and outputs close; idempotent. */
    void endPorts();

    // Commands, on the node's thread.

    /** The dataflow is being stopped. */
    void beginStop() throws Exception;

    /** This node is to stop at once. */
    void stop() throws Exception;

    /** A node that feeds this one has failed. */
    void onNodeFailed(String node, String error, List<String> inputs) throws Exception;
}
