package io.millrace.node;

/**
 * A message that outlives its callback: valid until it is released, on any thread, also when the dataflow has ended.
 *
 * <p>Who has it may hand it to another thread, read it there, and send its payload on. One thread at a time uses it; whoever hands it over does so safely, as through
 * a concurrent queue. {@link #release} may be called by any thread, once nobody reads it any more.
 *
 * <p><b>It must be released</b>, or its memory is missing: a large payload stays in the {@code payload_budget} of the output that it came from, which is full when all
 * of it is retained; a small one was copied to memory of the retaining node within a budget of the same size. One that is forgotten is found by
 * the garbage collector some time later, its memory is taken back, and a warning names the node and the input, in debug mode with the place in the code; what is still
 * retained when the dataflow ends is named in the log. {@code try (RetainedMessage kept = message.retain())} forgets none.
 */
public abstract class RetainedMessage extends Message implements AutoCloseable {
    protected RetainedMessage() {}

    /**
     * Gives the memory back: from now on every access throws {@link IllegalStateException}, and what was read from {@link #buffer()} before is garbage when it is
     * read again. Idempotent; any thread; neither blocks nor allocates.
     */
    public abstract void release();

    /** Whether it was released. Any thread. */
    public abstract boolean isReleased();

    /** As {@link #release}. */
    @Override
    public final void close() {
        release();
    }
}
