package io.millrace.remote.link;

/** Why a session of an edge is over. */
public enum Ending {
    /** The producer has closed, and every message of it has arrived. The consumer's ring is closed behind the last one. */
    FINISHED(1),
    /** The consumer's half of its ring is closed. So is now the reader of the producer's ring: the producer finds the edge closed. */
    CONSUMER_CLOSED(2),
    /** The other end has let the session go, as in a change of places; the rings are as they were. */
    DETACHED(3),
    /** The other end does not know the session any more, or knows a later one; the rings are as they were. */
    REFUSED(4),
    /** The link was down for too long. Both rings are closed. */
    LINK_TIMEOUT(5),
    /** The peer has lost what it knew of the link, or does not keep to the protocol. Both rings are closed. */
    LINK_RESET(6);

    private final int code;

    Ending(int code) {
        this.code = code;
    }

    /** In frames. */
    int code() {
        return code;
    }

    static Ending of(int code) {
        for (Ending ending : values()) {
            if (ending.code == code) {
                return ending;
            }
        }
        throw new ProtocolViolation("an ending of the unknown code " + code);
    }

    /** Whether the link is at fault, and neither end has let go. */
    public boolean isLinkLost() {
        return this == LINK_TIMEOUT || this == LINK_RESET;
    }

    /** Whether the halves of rings that are at a link are closed with the session. */
    public boolean closesRings() {
        return this != DETACHED && this != REFUSED;
    }
}
