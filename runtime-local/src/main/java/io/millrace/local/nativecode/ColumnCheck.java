package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether a column's buffers hold what its length promises: native code reads them without asking. */
final class ColumnCheck {
    private ColumnCheck() {}

    /** Of the column itself; its children were checked before. */
    static void check(ArrowColumn column) {
        long length = column.length();
        if (column.nulls() > length) {
            throw FlatTable.broken();
        }
        if (column.format().shape() != ArrowFormat.Shape.NULL && column.nulls() > 0) {
            atLeast(column.buffer(0), (length + 7) / 8);
        }
        int size = column.format().size();
        switch (column.format().shape()) {
            case NULL -> {
                return;
            }
            case BITS -> atLeast(column.buffer(1), (length + 7) / 8);
            case FIXED -> atLeast(column.buffer(1), length * size);
            case BYTES -> {
                offsets(column, column.buffer(2).limit());
                if (column.format().isText()) {
                    text(column);
                }
            }
            case LIST -> offsets(column, column.children().get(0).length());
            case FIXED_LIST -> isTrue(column.children().get(0).length() >= length * size);
            case STRUCT -> isTrue(column.children().stream().allMatch(child -> child.length() >= length));
        }
    }

    /** They grow, and stay within what they lead to. An array without values need not have any. */
    private static void offsets(ArrowColumn column, long end) {
        ByteBuffer offsets = column.buffer(1);
        if (column.length() == 0 && offsets.limit() == 0) {
            return;
        }
        atLeast(offsets, (column.length() + 1L) * column.format().size());
        long last = 0;
        for (int i = 0; i <= column.length(); i++) {
            long offset = offset(column, i);
            isTrue(offset >= last && offset <= end);
            last = offset;
        }
    }

    static long offset(ArrowColumn column, int index) {
        return column.format().size() == 4
                ? column.buffer(1).getInt(4 * index)
                : column.buffer(1).getLong(8 * index);
    }

    /** All of it is UTF-8, and no value begins or ends within a character. */
    private static void text(ArrowColumn column) {
        if (column.length() == 0) {
            return;
        }
        ByteBuffer bytes = column.buffer(2);
        int begin = (int) offset(column, 0);
        int end = (int) offset(column, column.length());
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.slice(begin, end - begin));
        } catch (CharacterCodingException e) {
            throw new UnsupportedArrayException("the payload has text that is not UTF-8", e);
        }
        for (int i = 0; i <= column.length(); i++) {
            int offset = (int) offset(column, i);
            isTrue(offset >= end || (bytes.get(offset) & 0xC0) != 0x80);
        }
    }

    private static void atLeast(ByteBuffer buffer, long bytes) {
        isTrue(buffer.limit() >= bytes);
    }

    private static void isTrue(boolean condition) {
        if (!condition) {
            throw new UnsupportedArrayException(
                    "the payload is a broken Arrow array: a buffer is shorter than its length says, or its offsets do not grow");
        }
    }
}
