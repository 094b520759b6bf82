package io.millrace.remote.link;

import java.util.List;

/** What the producer's end says between messages. */
sealed interface Notice {
    /** A node failed. */
    record Failed(String node, String error, List<String> inputs) implements Notice {}

    /** Its next incarnation will send from now on. */
    record Restarted(String node) implements Notice {}

    /** Of its ring, in all: how many messages gave way there, and for how long the producer found it full. */
    record Counted(long dropped, long fullNs) implements Notice {}
}
