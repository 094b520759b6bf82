package io.millrace.remote.link;

import io.netty.channel.Channel;

/** What becomes of a dial. */
interface DialOutcome extends Outcome {
    /** Asked at each step, on any thread: whether it is still worth while. */
    boolean isWanted();

    /** TCP is there; on the event loop. */
    void onChannel(Channel channel);
}
