package io.millrace.local.agent;

import java.util.List;

/** A node that is told what became of those which feed it. Any thread. */
public interface Notified {

    /** @param inputs the names of the inputs concerned */
    void postNodeFailed(String node, String error, List<String> inputs);

    void postNodeRestarted(String node);
}
