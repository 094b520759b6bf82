package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * An array of Arrow's, wherever it came from: views on its memory, from its first value on. Valid as long as that memory.
 *
 * @param nulls how many values are missing
 * @param buffers as the format's shape has them, little-endian from position 0 on; the first is empty where no value is missing
 */
record ArrowColumn(
        String name,
        boolean isNullable,
        ArrowFormat format,
        int length,
        int nulls,
        List<Optional<ByteBuffer>> buffers,
        List<ArrowColumn> children) {

    ArrowColumn {
        buffers = List.copyOf(buffers);
        children = List.copyOf(children);
    }

    /** Plain bytes, of which none is missing. */
    boolean isPlainBytes() {
        return format.equals(ArrowFormat.UINT8) && nulls == 0;
    }

    ByteBuffer buffer(int index) {
        return buffers.get(index).orElseThrow();
    }
}
