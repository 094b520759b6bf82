package io.millrace.local.nativecode;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A column as Arrow's C data interface has it: one block of C's heap holds its buffers and the descriptions of its children. Whoever takes the array frees the block by
 * {@code release}, when and on whichever thread it likes, also when the operator is long gone; the schema is freed with {@link #freeSchema}.
 */
final class ArrowExport {
    private static final Logger LOG = LoggerFactory.getLogger(ArrowExport.class);

    /** What arrays begin at. */
    private static final int ALIGNMENT = 64;

    private static final long RELEASE = Foreign.instance()
            .lastingCallback(
                    find("release", MethodType.methodType(void.class, long.class)),
                    Foreign.Shape.ofVoid(Foreign.Value.LONG));

    private final long owner;
    private final long base;
    private final ByteBuffer block;
    private int used;

    private ArrowExport(int bytes) {
        owner = Foreign.instance().malloc((long) bytes + ALIGNMENT);
        base = (owner + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        block = Foreign.instance().view(base, bytes);
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(ArrowExport.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("our own method is not there", e);
        }
    }

    /** Called by whoever holds an array, or a part of one, whose block's owner is its root. Marks it as released, as the interface asks. */
    @SuppressWarnings("unused")
    private static void release(long array) {
        try {
            Foreign foreign = Foreign.instance();
            ByteBuffer fields = foreign.view(array, OperatorLayout.ARRAY_BYTES);
            fields.putLong(OperatorLayout.ARRAY_RELEASE, 0);
            foreign.free(fields.getLong(OperatorLayout.ARRAY_OWN)); // nothing, for a part
        } catch (Throwable t) { // what comes out of here ends the JVM; then rather some memory is lost
            LOG.error("an array could not be freed", t);
        }
    }

    /** Does to an array that nobody has taken what its consumer would have done. */
    static void releaseUntaken(ByteBuffer array) {
        Foreign.instance().free(array.getLong(OperatorLayout.ARRAY_OWN));
    }

    /** Writes the array to {@code target}, of {@link OperatorLayout#ARRAY_BYTES}: it owns a copy of the column. */
    static void array(ArrowColumn column, ByteBuffer target) {
        long bytes = size(column);
        if (bytes > Integer.MAX_VALUE - ALIGNMENT) {
            throw new UnsupportedArrayException("an array of " + bytes + " bytes is too large for an operator");
        }
        ArrowExport export = new ArrowExport((int) bytes);
        export.put(column, target, export.owner);
    }

    /** Writes the schema to {@code target}, of {@link OperatorLayout#SCHEMA_BYTES}; returns what {@link #freeSchema} takes. */
    static long schema(ArrowColumn column, ByteBuffer target) {
        ArrowExport export = new ArrowExport(schemaSize(column));
        export.putSchema(column, target);
        return export.owner;
    }

    static void freeSchema(long schema) {
        Foreign.instance().free(schema);
    }

    private static long size(ArrowColumn column) {
        long bytes = aligned(8L * column.buffers().size())
                + aligned(8L * column.children().size());
        for (var buffer : column.buffers()) {
            bytes +=
                    buffer.map(present -> aligned(Math.max(1, present.limit()))).orElse(0L);
        }
        for (ArrowColumn child : column.children()) {
            bytes += aligned(OperatorLayout.ARRAY_BYTES) + size(child);
        }
        return bytes;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private int take(long bytes) {
        int at = used;
        used += (int) aligned(bytes);
        return at;
    }

    private void put(ArrowColumn column, ByteBuffer target, long owned) {
        int buffersAt = take(8L * column.buffers().size());
        for (int i = 0; i < column.buffers().size(); i++) {
            if (column.buffers().get(i).isPresent()) {
                ByteBuffer bytes = column.buffer(i);
                int at = take(Math.max(1, bytes.limit()));
                block.put(at, bytes, 0, bytes.limit());
                block.putLong(buffersAt + 8 * i, base + at);
            } else {
                block.putLong(buffersAt + 8 * i, 0);
            }
        }
        List<ArrowColumn> children = column.children();
        int childrenAt = take(8L * children.size());
        for (int i = 0; i < children.size(); i++) {
            int at = take(OperatorLayout.ARRAY_BYTES);
            block.putLong(childrenAt + 8 * i, base + at);
            put(children.get(i), block.slice(at, OperatorLayout.ARRAY_BYTES).order(block.order()), 0);
        }
        target.putLong(OperatorLayout.ARRAY_LENGTH, column.length())
                .putLong(OperatorLayout.ARRAY_NULLS, column.nulls())
                .putLong(OperatorLayout.ARRAY_OFFSET, 0)
                .putLong(OperatorLayout.ARRAY_BUFFER_COUNT, column.buffers().size())
                .putLong(OperatorLayout.ARRAY_CHILD_COUNT, children.size())
                .putLong(OperatorLayout.ARRAY_BUFFERS, base + buffersAt)
                .putLong(OperatorLayout.ARRAY_CHILDREN, children.isEmpty() ? 0 : base + childrenAt)
                .putLong(OperatorLayout.ARRAY_DICTIONARY, 0)
                .putLong(OperatorLayout.ARRAY_RELEASE, RELEASE)
                .putLong(OperatorLayout.ARRAY_OWN, owned);
    }

    private static int schemaSize(ArrowColumn column) {
        long bytes = aligned(bytes(column.format().text()).length + 1L)
                + aligned(bytes(column.name()).length + 1L)
                + aligned(8L * column.children().size());
        for (ArrowColumn child : column.children()) {
            bytes += aligned(OperatorLayout.SCHEMA_BYTES) + schemaSize(child);
        }
        return (int) bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void putSchema(ArrowColumn column, ByteBuffer target) {
        long format = putText(column.format().text());
        long name = putText(column.name());
        List<ArrowColumn> children = column.children();
        int childrenAt = take(8L * children.size());
        for (int i = 0; i < children.size(); i++) {
            int at = take(OperatorLayout.SCHEMA_BYTES);
            block.putLong(childrenAt + 8 * i, base + at);
            putSchema(
                    children.get(i),
                    block.slice(at, OperatorLayout.SCHEMA_BYTES).order(block.order()));
        }
        for (int at = 0; at < OperatorLayout.SCHEMA_BYTES; at += 8) {
            target.putLong(at, 0);
        }
        target.putLong(OperatorLayout.SCHEMA_FORMAT, format)
                .putLong(OperatorLayout.SCHEMA_NAME, name)
                .putLong(OperatorLayout.SCHEMA_FLAGS, column.isNullable() ? OperatorLayout.NULLABLE : 0)
                .putLong(OperatorLayout.SCHEMA_CHILD_COUNT, children.size())
                .putLong(OperatorLayout.SCHEMA_CHILDREN, children.isEmpty() ? 0 : base + childrenAt);
    }

    private long putText(String text) {
        byte[] bytes = bytes(text);
        int at = take(bytes.length + 1L);
        block.put(at, bytes).put(at + bytes.length, (byte) 0);
        return base + at;
    }
}
