package io.millrace.remote.link;

/** What the two ends of a new connection say to each other, in three steps, so that each can refuse the other and tell it why. */
sealed interface Greeting {
    /** First from the one who dialled, then from the one who accepted. */
    record Hello(Purpose purpose, Identity identity, int heartbeatIntervalMs) implements Greeting {}

    /** From the one who dialled, last: from here on the connection is what it is for. */
    record Confirmed() implements Greeting {}

    /** From either, in place of the next step; the connection ends. */
    record Refused(String reason) implements Greeting {}
}
