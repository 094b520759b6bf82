package io.millrace.remote.cli;

import io.millrace.node.Message;

/** How many messages of one output are missing between those that are seen: sequences count from 0 in each incarnation. Used by one thread. */
final class Gaps {
    private int incarnation = -1;
    private long next;

    /** @return how many are missing between the message before and this one; 0 for the first one, for a new incarnation those before its first */
    long before(Message message) {
        boolean isFirst = incarnation < 0;
        boolean isSame = message.incarnation() == incarnation;
        long missing = isFirst ? 0 : Math.max(0, message.sequence() - (isSame ? next : 0));
        incarnation = message.incarnation();
        next = message.sequence() + 1;
        return missing;
    }
}
