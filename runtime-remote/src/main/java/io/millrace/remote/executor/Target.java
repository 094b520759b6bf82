package io.millrace.remote.executor;

import io.millrace.remote.link.LinkPeer;

/** Where the other end of a boundary edge is. */
sealed interface Target {

    /** Nowhere yet, or nowhere at the moment: what is sent waits. */
    record Nowhere() implements Target {}

    /** In another part on this executor. */
    record Here(HostedPart part) implements Target {}

    /** On another executor, in a part of this epoch. */
    record There(LinkPeer peer, long epoch) implements Target {}

    /** Its part has ended: nothing comes, and nothing is taken. */
    record Over() implements Target {}
}
