package io.millrace.local.agent;

import io.millrace.node.Node;

/** A node whose code runs elsewhere, and so does not hear what a context says: it is told by calls when it is to end. Used by the node's thread. */
public interface OutsideNode extends Node {
    /** It was told to stop and still runs. */
    void terminate();

    /** It keeps the dataflow from its end. */
    void endStraggler(long silentForNs, long graceNs);

    /** All others have ended. */
    void dismiss();
}
