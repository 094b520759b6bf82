package io.millrace.remote.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a program prints, line by line and in bounded memory. A line ends with LF or CR, as of a progress that is drawn over itself; one that is too long is cut into several. */
final class OutputLines {
    static final int MAX_LINE_BYTES = 1 << 20;

    private final Consumer<String> onLine;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private OutputLines(Consumer<String> onLine) {
        this.onLine = onLine;
    }

    /** Blocks until the end of the stream. Lines without a character are left out. */
    static void read(InputStream stream, Consumer<String> onLine) throws IOException {
        new OutputLines(onLine).read(stream);
    }

    private void read(InputStream stream) throws IOException {
        byte[] chunk = new byte[16 * 1024];
        for (int length = stream.read(chunk); length >= 0; length = stream.read(chunk)) {
            for (int i = 0; i < length; i++) {
                onByte(chunk[i]);
            }
        }
        endLine();
    }

    private void onByte(byte value) {
        if (value == '\n' || value == '\r') {
            endLine();
            return;
        }
        line.write(value);
        if (line.size() == MAX_LINE_BYTES) {
            endLine();
        }
    }

    private void endLine() {
        if (line.size() > 0) {
            onLine.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }
}
