package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An array that an operator has sent through Arrow's C data interface: views on its memory, valid until it is released. */
final class ArrowImport {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_CHILDREN = 1024;
    private static final int MAX_TEXT_BYTES = 4096;

    private final Foreign foreign = Foreign.instance();

    private ArrowImport() {}

    static ArrowColumn read(ByteBuffer array, ByteBuffer schema) {
        return new ArrowImport().column(array, schema, 0, array.getLong(OperatorLayout.ARRAY_LENGTH), 0);
    }

    /**
     * @param from the first value wanted, beside the array's own offset
     * @param length how many are wanted
     */
    private ArrowColumn column(ByteBuffer array, ByteBuffer schema, long from, long length, int depth) {
        if (depth > MAX_DEPTH) {
            throw new UnsupportedArrayException("an array is nested more than " + MAX_DEPTH + " deep");
        }
        if (schema.getLong(OperatorLayout.SCHEMA_DICTIONARY) != 0) {
            throw UnsupportedArrayException.of("a dictionary");
        }
        ArrowFormat format = ArrowFormat.parse(text(schema.getLong(OperatorLayout.SCHEMA_FORMAT)));
        long offset = array.getLong(OperatorLayout.ARRAY_OFFSET) + from;
        long end = offset + length;
        if (offset < 0 || length < 0 || end > Integer.MAX_VALUE) {
            throw new UnsupportedArrayException("an array of " + length + " values from " + offset + " on is too long");
        }
        if (array.getLong(OperatorLayout.ARRAY_BUFFER_COUNT) != format.shape().buffers()) {
            throw new UnsupportedArrayException("an array of type '" + format.text() + "' has "
                    + array.getLong(OperatorLayout.ARRAY_BUFFER_COUNT) + " buffers, expected "
                    + format.shape().buffers());
        }
        Optional<ByteBuffer> validity = validity(array, format, (int) offset, (int) length);
        int nulls = validity.map(bits -> zeros(bits, (int) length)).orElse(0);
        if (format.shape() == ArrowFormat.Shape.NULL) {
            nulls = (int) length;
        }
        return new ArrowColumn(
                name(schema),
                (schema.getLong(OperatorLayout.SCHEMA_FLAGS) & OperatorLayout.NULLABLE) != 0,
                format,
                (int) length,
                nulls,
                buffers(array, format, (int) offset, (int) length, nulls == 0 ? Optional.empty() : validity),
                children(array, schema, format, offset, length, depth));
    }

    private Optional<ByteBuffer> validity(ByteBuffer array, ArrowFormat format, int offset, int length) {
        if (format.shape() == ArrowFormat.Shape.NULL
                || array.getLong(OperatorLayout.ARRAY_NULLS) == 0
                || buffer(array, 0) == 0) {
            return Optional.empty();
        }
        return Optional.of(bits(buffer(array, 0), offset, length));
    }

    private static int zeros(ByteBuffer bits, int length) {
        int zeros = length;
        for (int i = 0; i < length; i++) {
            zeros -= bits.get(i >> 3) >> (i & 7) & 1;
        }
        return zeros;
    }

    private List<Optional<ByteBuffer>> buffers(
            ByteBuffer array, ArrowFormat format, int offset, int length, Optional<ByteBuffer> validity) {
        int size = format.size();
        return switch (format.shape()) {
            case NULL -> List.of();
            case STRUCT, FIXED_LIST -> List.of(validity);
            case BITS -> List.of(validity, Optional.of(bits(buffer(array, 1), offset, length)));
            case FIXED ->
                List.of(validity, Optional.of(bytes(buffer(array, 1), (long) offset * size, (long) length * size)));
            case LIST -> List.of(validity, Optional.of(offsets(array, offset, length, size)));
            case BYTES -> {
                ByteBuffer offsets = offsets(array, offset, length, size);
                int last = size * length;
                long end = size == 4 ? offsets.getInt(last) : offsets.getLong(last);
                yield List.of(validity, Optional.of(offsets), Optional.of(bytes(buffer(array, 2), 0, end)));
            }
        };
    }

    private List<ArrowColumn> children(
            ByteBuffer array, ByteBuffer schema, ArrowFormat format, long offset, long length, int depth) {
        long count = array.getLong(OperatorLayout.ARRAY_CHILD_COUNT);
        boolean fits = format.shape() == ArrowFormat.Shape.STRUCT
                ? count >= 0 && count <= MAX_CHILDREN
                : count == format.children();
        if (!fits || schema.getLong(OperatorLayout.SCHEMA_CHILD_COUNT) != count) {
            throw new UnsupportedArrayException("an array of type '" + format.text() + "' has " + count + " children");
        }
        List<ArrowColumn> children = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer child = element(array.getLong(OperatorLayout.ARRAY_CHILDREN), i, OperatorLayout.ARRAY_BYTES);
            ByteBuffer type = element(schema.getLong(OperatorLayout.SCHEMA_CHILDREN), i, OperatorLayout.SCHEMA_BYTES);
            children.add(
                    switch (format.shape()) {
                        case STRUCT -> column(child, type, offset, length, depth + 1);
                        case FIXED_LIST ->
                            column(child, type, offset * format.size(), length * format.size(), depth + 1);
                        default -> column(child, type, 0, child.getLong(OperatorLayout.ARRAY_LENGTH), depth + 1);
                    });
        }
        return children;
    }

    private ByteBuffer element(long pointers, int index, int bytes) {
        return foreign.view(foreign.view(pointers, 8L * (index + 1)).getLong(8 * index), bytes);
    }

    private long buffer(ByteBuffer array, int index) {
        return foreign.view(array.getLong(OperatorLayout.ARRAY_BUFFERS), 8L * (index + 1))
                .getLong(8 * index);
    }

    /** An empty buffer may be nowhere. */
    private ByteBuffer bytes(long at, long from, long length) {
        if (length < 0 || length > Integer.MAX_VALUE || (at == 0 && length > 0)) {
            throw new UnsupportedArrayException(
                    "a buffer of an array has " + length + " bytes" + (at == 0 ? " nowhere" : ""));
        }
        return length == 0 ? ByteBuffer.allocate(0) : foreign.view(at + from, length);
    }

    private ByteBuffer offsets(ByteBuffer array, int offset, int length, int size) {
        long at = buffer(array, 1);
        if (at == 0 && length == 0) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
        return bytes(at, (long) offset * size, (length + 1L) * size);
    }

    /** From one bit on: a copy, if it does not begin a byte. */
    private ByteBuffer bits(long at, int offset, int length) {
        int shift = offset & 7;
        ByteBuffer bits = bytes(at, offset >> 3, (shift + length + 7L) / 8);
        if (shift == 0) {
            return bits;
        }
        ByteBuffer shifted = ByteBuffer.allocate((length + 7) / 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            int bit = bits.get(shift + i >> 3) >> (shift + i & 7) & 1;
            shifted.put(i >> 3, (byte) (shifted.get(i >> 3) | bit << (i & 7)));
        }
        return shifted;
    }

    private String name(ByteBuffer schema) {
        long name = schema.getLong(OperatorLayout.SCHEMA_NAME);
        return name == 0 ? "" : text(name);
    }

    /** A text of C's. */
    private String text(long at) {
        ByteBuffer bytes = foreign.view(at, MAX_TEXT_BYTES);
        for (int length = 0; length < MAX_TEXT_BYTES; length++) {
            if (bytes.get(length) == 0) {
                byte[] text = new byte[length];
                bytes.get(0, text);
                return new String(text, StandardCharsets.UTF_8);
            }
        }
        throw new UnsupportedArrayException("a name or a type of an array has more than " + MAX_TEXT_BYTES + " bytes");
    }
}
