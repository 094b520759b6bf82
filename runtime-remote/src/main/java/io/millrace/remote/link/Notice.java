package io.millrace.remote.link;

import java.util.List;

/** What the producer's end says about a node of it, between messages. */
sealed interface Notice {
    /** A node failed. */
    record Failed(String node, String error, List<String> inputs) implements Notice {}

    /** Its next incarnation will send from now on. */
    record Restarted(String node) implements Notice {}
}
