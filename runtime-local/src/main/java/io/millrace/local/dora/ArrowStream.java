package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Looks through a stream of Arrow's for one column of plain bytes. Where anything is not as expected, or points outside, the answer is that they are none: readers
 * return {@link #NOWHERE}, and whoever reads there gets it again. Takes a bounded number of steps, whatever the bytes.
 */
final class ArrowStream {
    static final int SCHEMA = 1;
    static final int RECORD_BATCH = 3;
    static final int INT = 2;
    static final int VERSION_5 = 4;

    private static final int VERSION_4 = 3;
    private static final int NOWHERE = -1;
    private static final int PREFIX_BYTES = 8;

    private final ByteBuffer stream;
    private final int length;

    ArrowStream(ByteBuffer stream) {
        this.stream = stream.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.length = stream.remaining();
    }

    long plainBytes() {
        int schema = description(0);
        if (schema == NOWHERE || !isPlainSchema(message(schema, SCHEMA)) || bodyLength(schema) != 0) {
            return ArrowBytes.NOT_PLAIN;
        }
        int batchAt = behind(0);
        int batch = description(batchAt);
        if (batch == NOWHERE) {
            return ArrowBytes.NOT_PLAIN;
        }
        int bodyAt = behind(batchAt);
        long bodyLength = bodyLength(batch);
        if (bodyLength < 0 || bodyLength > length - bodyAt || !isEnd(bodyAt + (int) bodyLength)) {
            return ArrowBytes.NOT_PLAIN;
        }
        return bytes(message(batch, RECORD_BATCH), bodyAt, bodyLength);
    }

    /** Where the description in the frame at a place begins. */
    private int description(int at) {
        if (at > length - PREFIX_BYTES || stream.getInt(at) != -1) {
            return NOWHERE;
        }
        int size = stream.getInt(at + 4);
        return size <= 0 || size > length - at - PREFIX_BYTES ? NOWHERE : at + PREFIX_BYTES;
    }

    /** Behind the description that is there. */
    private int behind(int at) {
        return at + PREFIX_BYTES + stream.getInt(at + 4);
    }

    /** The end may be marked, or the stream just stop. */
    private boolean isEnd(int at) {
        return at == length || (at == length - PREFIX_BYTES && stream.getLong(at) == 0xFFFF_FFFFL);
    }

    /** The header's table, if it is of that kind. */
    private int message(int description, int kind) {
        int message = follow(description);
        int version = u16(field(message, 0), 0);
        boolean isKnown = version == VERSION_4 || version == VERSION_5;
        return isKnown && u8(field(message, 1), 0) == kind ? follow(field(message, 2)) : NOWHERE;
    }

    private long bodyLength(int description) {
        return i64(field(follow(description), 3), 0);
    }

    private boolean isPlainSchema(int schema) {
        int fields = follow(field(schema, 1));
        if (schema == NOWHERE || u16(field(schema, 0), 0) != 0 || i32(fields, 0) != 1) {
            return false;
        }
        int field = follow(fields + 4);
        int type = follow(field(field, 3));
        return field != NOWHERE
                && type != NOWHERE
                && u8(field(field, 2), 0) == INT
                && field(field, 4) == NOWHERE
                && i32(follow(field(field, 5)), 0) <= 0
                && i32(field(type, 0), 0) == 8
                && u8(field(type, 1), 0) == 0;
    }

    private long bytes(int batch, int bodyAt, long bodyLength) {
        int nodes = follow(field(batch, 1));
        int buffers = follow(field(batch, 2));
        long rows = i64(field(batch, 0), 0);
        boolean isPlain = batch != NOWHERE
                && field(batch, 3) == NOWHERE
                && i32(nodes, 0) == 1
                && i64(inside(nodes, 4, 16), -1) == rows
                && i64(inside(nodes, 12, 8), -1) == 0
                && i32(buffers, 0) == 2;
        long offset = i64(inside(buffers, 20, 8), -1);
        long size = i64(inside(buffers, 28, 8), -1);
        boolean fits = rows >= 0 && size >= rows && offset >= 0 && offset <= bodyLength && size <= bodyLength - offset;
        return isPlain && fits ? ArrowBytes.found(bodyAt + (int) offset, (int) rows) : ArrowBytes.NOT_PLAIN;
    }

    /** Where a table has a field; nowhere if it has none. */
    private int field(int table, int index) {
        if (!isInside(table, 4)) {
            return NOWHERE;
        }
        long vtable = (long) table - stream.getInt(table);
        if (!isInside(vtable, 4)) {
            return NOWHERE;
        }
        int entry = 4 + 2 * index;
        if (entry + 2 > u16((int) vtable, 0) || !isInside(vtable + entry, 2)) {
            return NOWHERE;
        }
        int at = u16((int) vtable + entry, 0);
        return at == 0 ? NOWHERE : inside(table, at, 1);
    }

    /** Where the offset at a place leads. */
    private int follow(int at) {
        return isInside(at, 4) ? inside(at, stream.getInt(at), 4) : NOWHERE;
    }

    private int inside(int at, int offset, int size) {
        long place = (long) at + offset;
        return at != NOWHERE && isInside(place, size) ? (int) place : NOWHERE;
    }

    private boolean isInside(long at, int size) {
        return at >= 0 && at <= (long) length - size;
    }

    private int u8(int at, int missing) {
        return isInside(at, 1) ? stream.get(at) & 0xFF : missing;
    }

    private int u16(int at, int missing) {
        return isInside(at, 2) ? stream.getShort(at) & 0xFFFF : missing;
    }

    private int i32(int at, int missing) {
        return isInside(at, 4) ? stream.getInt(at) : missing;
    }

    private long i64(int at, int missing) {
        return isInside(at, 8) ? stream.getLong(at) : missing;
    }
}
