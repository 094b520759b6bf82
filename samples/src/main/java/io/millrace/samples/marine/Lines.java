package io.millrace.samples.marine;

import java.io.IOException;
import java.io.InputStream;

/**
 * Splits a stream into lines that end with CR, LF or both. Empty lines are left out; of a line longer than the limit only the beginning is kept, so that memory is
 * bounded whatever the file holds.
 */
final class Lines {
    private final InputStream input;
    private final byte[] chunk = new byte[64 * 1024];
    private final byte[] line;
    private int chunkAt;
    private int chunkEnd;
    private int length;

    Lines(InputStream input, int maxLineBytes) {
        this.input = input;
        line = new byte[maxLineBytes];
    }

    /** Moves on to the next line; false at the end. */
    boolean next() throws IOException {
        length = 0;
        while (chunkAt < chunkEnd || fill()) {
            byte value = chunk[chunkAt++];
            boolean isLineEnd = value == '\r' || value == '\n';
            if (isLineEnd && length > 0) {
                return true;
            }
            if (!isLineEnd && length < line.length) {
                line[length++] = value;
            }
        }
        return length > 0;
    }

    /** Holds the line until the next call of {@link #next}. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    private boolean fill() throws IOException {
        chunkAt = 0;
        chunkEnd = Math.max(0, input.read(chunk, 0, chunk.length));
        return chunkEnd > 0;
    }
}
