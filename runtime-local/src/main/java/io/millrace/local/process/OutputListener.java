package io.millrace.local.process;

/**
 * Is told what a child prints. Called by one thread for each stream, so by two at a time. While it has not come back, that stream is not
 * read and the child waits once its pipe is full; what it throws is logged, and it is not called again for that stream.
 */
@FunctionalInterface
public interface OutputListener {
    /** One of a child's two streams. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /**
     * A line, without its end; what is not UTF-8 is replaced. A line of more than {@value LineSplitter#MAX_LINE_BYTES} bytes is cut
     * there, and says how much is missing.
     */
    void line(Stream stream, String text);
}
