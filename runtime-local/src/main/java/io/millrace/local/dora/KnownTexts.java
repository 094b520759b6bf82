package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Short texts that were read before, so that the names that come with every message are made once. Holds a fixed number; the newer one wins. Used by one thread. */
final class KnownTexts {
    static final int MAX_BYTES = 48;

    private static final int SLOTS = 64;

    private final byte[][] bytes = new byte[SLOTS][];
    private final @Nullable String[] texts = new String[SLOTS];

    /** The text of these bytes of the buffer, if it is known. */
    @Nullable String find(ByteBuffer buffer, int offset, int length) {
        int slot = slot(buffer, offset, length);
        byte[] known = bytes[slot];
        return known != null && isEqual(known, buffer, offset, length) ? texts[slot] : null;
    }

    void add(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int slot = slot(ByteBuffer.wrap(utf8), 0, utf8.length);
        bytes[slot] = utf8;
        texts[slot] = text;
    }

    private static boolean isEqual(byte[] known, ByteBuffer buffer, int offset, int length) {
        if (known.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.get(offset + i) != known[i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(ByteBuffer buffer, int offset, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + buffer.get(offset + i);
        }
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }
}
