package io.millrace.node;

/** One input of a node or operator: the same object for as long as its incarnation lives, so it may be compared with {@code ==}. */
public interface Input {

    /** As declared. */
    String id();

    /** Its position among the inputs, from 0, for use in a {@code switch}. */
    int index();

    /** {@code node/input} or {@code node/operator/input}. */
    String name();

    /** Where its messages come from, such as {@code camera/frame} or {@code dora/timer/millis/100}. */
    String source();

    /** Whether it is closed now. */
    boolean isClosed();
}
