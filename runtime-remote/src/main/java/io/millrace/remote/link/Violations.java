package io.millrace.remote.link;

/** How often the peer has broken the protocol at one place of its stream. On the event loop. */
final class Violations {
    private static final int MOST = 3;

    private long place = -1;
    private int count;

    /**
     * One more.
     *
     * @param isCurrent whether it came over the connection that is used
     * @return whether that is too many
     */
    boolean note(long received, boolean isCurrent) {
        if (received != place) {
            place = received;
            count = 1;
            return false;
        }
        return isCurrent && ++count == MOST;
    }

    void forget() {
        place = -1;
        count = 0;
    }
}
