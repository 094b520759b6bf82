package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an Arrow IPC stream of one column and one batch, which is what dora's nodes send, without Arrow's library and without copying. Believes nothing: native code that is
 * given the column would.
 */
final class StreamReader {
    private static final int SCHEMA = 1;
    private static final int RECORD_BATCH = 3;
    private static final int PREFIX_BYTES = 8;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_FIELDS = 1024;

    private final ByteBuffer stream;
    private int position;
    private int nextNode;
    private int nextBuffer;
    private int fields;
    private FlatTable batch;
    private ByteBuffer body;

    private StreamReader(ByteBuffer stream) {
        this.stream = stream.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.body = this.stream;
        this.batch = new FlatTable(this.stream, 0);
    }

    /**
     * What remains in {@code stream}, whose position stays where it is.
     *
     * @throws UnsupportedArrayException if it is none, or not of this kind
     */
    static ArrowColumn read(ByteBuffer stream) {
        return new StreamReader(stream).column();
    }

    private ArrowColumn column() {
        FlatTable schema = message(SCHEMA, "schema");
        if (schema.getShort(0, 0) != 0) {
            throw new UnsupportedArrayException(
                    "the payload is an Arrow IPC stream of big-endian values, and no operator reads these");
        }
        int columns = schema.count(1, 4, "columns");
        if (columns != 1) {
            throw new UnsupportedArrayException("the payload is an Arrow IPC stream of " + columns
                    + " columns, and an operator takes one: send a struct");
        }
        batch = message(RECORD_BATCH, "batch of rows");
        if (batch.has(3)) {
            throw new UnsupportedArrayException(
                    "the payload is compressed, and no operator reads that: send it as it is");
        }
        return column(schema.tableAt(1, 0), 0);
    }

    /** The header of the next message, with the body that follows it. */
    private FlatTable message(int kind, String name) {
        if (position > stream.limit() - PREFIX_BYTES || stream.getInt(position) != -1) {
            throw FlatTable.broken();
        }
        int size = stream.getInt(position + 4);
        int begin = position + PREFIX_BYTES;
        if (size <= 0 || size > stream.limit() - begin) {
            throw FlatTable.broken();
        }
        FlatTable message = FlatTable.root(slice(stream, begin, size));
        long bodyBytes = message.getLong(3);
        int bodyAt = begin + size;
        if (bodyBytes < 0 || bodyBytes > stream.limit() - bodyAt) {
            throw FlatTable.broken();
        }
        if (message.getByte(1) != kind) {
            throw new UnsupportedArrayException("the payload is an Arrow IPC stream with something else where its "
                    + name + " is expected, such as a dictionary: an operator takes one batch of plain values");
        }
        body = slice(stream, bodyAt, (int) bodyBytes);
        position = bodyAt + (int) bodyBytes;
        return message.getTable(2);
    }

    private static ByteBuffer slice(ByteBuffer of, int at, int length) {
        return of.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ArrowColumn column(FlatTable field, int depth) {
        if (depth > MAX_DEPTH || ++fields > MAX_FIELDS) {
            throw new UnsupportedArrayException("the payload's type is nested more than " + MAX_DEPTH
                    + " deep, or has more than " + MAX_FIELDS + " fields");
        }
        if (field.has(4)) {
            throw UnsupportedArrayException.of("a dictionary");
        }
        ArrowFormat format = FlatTypes.read(field.getByte(2), field);
        int length = size(node(0));
        int nulls = size(node(1));
        nextNode++;
        List<Optional<ByteBuffer>> buffers = new ArrayList<>();
        for (int i = 0; i < format.shape().buffers(); i++) {
            buffers.add(i == 0 && nulls == 0 ? skip() : Optional.of(buffer()));
        }
        int children = field.count(5, 4, "fields");
        if (format.shape() != ArrowFormat.Shape.STRUCT && children != format.children()) {
            throw FlatTable.broken();
        }
        List<ArrowColumn> nested = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            nested.add(column(field.tableAt(5, i), depth + 1));
        }
        ArrowColumn column =
                new ArrowColumn(field.getText(0), field.getByte(1) != 0, format, length, nulls, buffers, nested);
        ColumnCheck.check(column);
        return column;
    }

    private long node(int half) {
        if (nextNode >= batch.count(1, 16, "nodes")) {
            throw FlatTable.broken();
        }
        return batch.pairAt(1, nextNode, half);
    }

    private static int size(long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw FlatTable.broken();
        }
        return (int) value;
    }

    private Optional<ByteBuffer> skip() {
        buffer();
        return Optional.empty();
    }

    private ByteBuffer buffer() {
        if (nextBuffer >= batch.count(2, 16, "buffers")) {
            throw FlatTable.broken();
        }
        long at = batch.pairAt(2, nextBuffer, 0);
        long length = batch.pairAt(2, nextBuffer, 1);
        nextBuffer++;
        if (at < 0 || length < 0 || at > body.limit() || length > body.limit() - at) {
            throw FlatTable.broken();
        }
        return slice(body, (int) at, (int) length);
    }
}
