package io.millrace.local.dora;

/** An event and when it came about; for an input that is the time of its message. */
public record TimedEvent(NodeEvent event, Timestamp timestamp) {
    /** Of an input, at the time of its message. */
    public static TimedEvent of(NodeEvent.Input input) {
        return new TimedEvent(input, input.metadata().timestamp());
    }
}
