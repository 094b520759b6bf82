package io.millrace.remote.shared;

/** What the two ends of a shared edge tell each other over their link. */
sealed interface ControlMessage {
    /** To the consumer's end: the ring is in this file, if you can open it. */
    record Offer(String file, long tokenHigh, long tokenLow, int queueSize) implements ControlMessage {}

    /** To the producer's end: I have opened it, and this stands in it. */
    record Accept(long proof) implements ControlMessage {}

    /** To the producer's end: messages are to come over the link. */
    record Refuse(String reason) implements ControlMessage {}

    /** Your node sleeps, and there is something for it. */
    record Wake() implements ControlMessage {}

    /** To the consumer's end: you were told everything up to this count. */
    record Told(int count) implements ControlMessage {}

    /** To the producer's end: nothing is read any more. */
    record Closed() implements ControlMessage {}
}
