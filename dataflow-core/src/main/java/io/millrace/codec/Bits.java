package io.millrace.codec;

import io.millrace.node.Message;

/** Booleans in bytes. */
final class Bits {
    private Bits() {}

    static boolean toBoolean(Codec<?> codec, Message message, int index) {
        byte found = message.getByte(index);
        if ((found & ~1) != 0) {
            throw codec.malformed(message, index, "expected 0 or 1, found " + (found & 0xFF));
        }
        return found != 0;
    }
}
