package io.millrace.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a message where it is not a record in a ring: written whole by the sender, read at both ends by the receiver. */
final class Frame {
    private final ByteBuffer bytes;

    private Frame(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    void write(byte[] template, long value) {
        bytes.put(0, template);
        bytes.putLong(0, value);
    }

    long first() {
        return bytes.getLong(0);
    }

    long last() {
        return bytes.getLong(bytes.capacity() - Long.BYTES);
    }

    /** Frames side by side, each beginning a cache line, as records in a ring lie. */
    static final class Supply {
        private static final int LINE = 64;

        private final ByteBuffer memory;
        private final int length;
        private int used;

        Supply(int count, int length) {
            this.length = length;
            int stride = (length + LINE - 1) / LINE * LINE;
            this.memory = ByteBuffer.allocateDirect(count * stride + LINE).alignedSlice(LINE);
        }

        Frame next() {
            int stride = (length + LINE - 1) / LINE * LINE;
            ByteBuffer bytes = memory.slice(used * stride, length).order(ByteOrder.LITTLE_ENDIAN);
            used++;
            return new Frame(bytes);
        }
    }
}
