package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strings as dora's interface has them: pointer, length and capacity. */
final class RustText {
    /** What a pointer to no bytes is, for it must not be null. */
    private static final long NOWHERE = 1;

    private RustText() {}

    /** The string at a place. */
    static String read(ByteBuffer memory, int at) {
        long length = memory.getLong(at + OperatorLayout.STRING_LENGTH);
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new IllegalStateException("an operator has sent a text of " + length + " bytes");
        }
        byte[] text = new byte[(int) length];
        if (length > 0) {
            Foreign.instance().view(memory.getLong(at), length).get(text);
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Frees the bytes of the string at a place, where from then on there is none. */
    static void free(ByteBuffer memory, int at) {
        if (memory.getLong(at + OperatorLayout.STRING_CAPACITY) > 0) {
            memory.putLong(at + OperatorLayout.STRING_CAPACITY, 0);
            Foreign.instance().free(memory.getLong(at));
        }
    }

    /** Writes a string whose bytes are the receiver's, or this one's to {@link #free}. */
    static void write(String text, ByteBuffer memory, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long place = NOWHERE;
        if (bytes.length > 0) {
            place = Foreign.instance().malloc(bytes.length);
            Foreign.instance().view(place, bytes.length).put(bytes);
        }
        memory.putLong(at, place)
                .putLong(at + OperatorLayout.STRING_LENGTH, bytes.length)
                .putLong(at + OperatorLayout.STRING_CAPACITY, bytes.length);
    }

    /** A string on the heap, which is the receiver's. */
    static long box(String text) {
        long box = Foreign.instance().malloc(OperatorLayout.STRING_BYTES);
        write(text, Foreign.instance().view(box, OperatorLayout.STRING_BYTES), 0);
        return box;
    }

    /** Takes and frees a string on the heap. */
    static String unbox(long box) {
        ByteBuffer memory = Foreign.instance().view(box, OperatorLayout.STRING_BYTES);
        String text = read(memory, 0);
        free(memory, 0);
        Foreign.instance().free(box);
        return text;
    }
}
