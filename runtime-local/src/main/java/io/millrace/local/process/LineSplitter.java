package io.millrace.local.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The bytes of a stream to lines of bounded length, up to a mark that nobody but the supervisor knows: a token and a status at the end of
 * a line. The mark follows whatever the program has written last, even half a line. One thread.
 */
final class LineSplitter {
    static final int MAX_LINE_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 1 << 10;
    private static final int STATUS_DIGITS = 3;

    private final byte[] token;
    private final Consumer<String> lines;
    private byte[] line = new byte[FIRST_BYTES];
    private int length;
    private final byte[] last; // of a line that is too long, for the mark may be there
    private long beyond; // how many bytes of the line are not in it
    private OptionalInt status = OptionalInt.empty();

    LineSplitter(String token, Consumer<String> lines) {
        this.token = token.getBytes(StandardCharsets.US_ASCII);
        this.lines = lines;
        last = new byte[this.token.length + STATUS_DIGITS];
    }

    /** What stood in the mark; empty as long as it has not come. What follows it is not looked at. */
    OptionalInt status() {
        return status;
    }

    void accept(byte[] bytes, int count) {
        int from = 0;
        while (from < count && status.isEmpty()) {
            int end = from;
            while (end < count && bytes[end] != '\n') {
                end++;
            }
            append(bytes, from, end - from);
            if (end < count) {
                endLine();
            }
            from = end + 1;
        }
    }

    /** What stands after the last line end is a line too. */
    void end() {
        if (status.isEmpty() && length > 0) {
            endLine();
        }
    }

    private void append(byte[] bytes, int from, int count) {
        int kept = Math.min(count, MAX_LINE_BYTES - length);
        if (length + kept > line.length) {
            line = Arrays.copyOf(line, Math.min(MAX_LINE_BYTES, Math.max(length + kept, 2 * line.length)));
        }
        System.arraycopy(bytes, from, line, length, kept);
        length += kept;
        int rest = count - kept;
        for (int i = Math.max(0, rest - last.length); i < rest; i++) {
            last[(int) ((beyond + i) % last.length)] = bytes[from + kept + i];
        }
        beyond += rest;
    }

    private void endLine() {
        long all = length + beyond;
        int markBytes = markBytes(all);
        long content = all - markBytes;
        if (markBytes == 0 || content > 0) {
            lines.accept(text(content));
        }
        length = 0;
        beyond = 0;
        if (line.length > FIRST_BYTES << 6) {
            line = new byte[FIRST_BYTES]; // one long line is no reason to keep its memory
        }
    }

    private String text(long content) {
        int shown = (int) Math.min(length, content);
        if (content > shown) {
            return new String(line, 0, shown, StandardCharsets.UTF_8) + "... (" + (content - shown) + " bytes more)";
        }
        boolean isWindowsEnd = shown > 0 && line[shown - 1] == '\r';
        return new String(line, 0, isWindowsEnd ? shown - 1 : shown, StandardCharsets.UTF_8);
    }

    /** How many bytes at the end of the line are the mark; notes what stands in it. */
    private int markBytes(long all) {
        for (int digits = 1; digits <= STATUS_DIGITS; digits++) {
            long start = all - digits - token.length;
            if (start < 0 || !isDigit(at(all - digits))) {
                return 0;
            }
            if (isToken(start)) {
                int value = 0;
                for (long i = all - digits; i < all; i++) {
                    value = 10 * value + at(i) - '0';
                }
                status = OptionalInt.of(value);
                return digits + token.length;
            }
        }
        return 0;
    }

    private boolean isToken(long start) {
        for (int i = 0; i < token.length; i++) {
            if (at(start + i) != token[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** A byte of the line, of which only the beginning and the end are there. */
    private byte at(long index) {
        return index < length ? line[(int) index] : last[(int) ((index - length) % last.length)];
    }
}
