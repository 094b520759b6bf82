package io.millrace.local.nativecode;

import io.millrace.node.Claim;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A column as an Arrow IPC stream of one batch, as dora's nodes send it: the column is named {@code data}. */
final class StreamWriter {
    private static final int VERSION_5 = 4;
    private static final int SCHEMA = 1;
    private static final int RECORD_BATCH = 3;
    private static final int PREFIX_BYTES = 8;

    /** What a buffer is filled up to, so that whoever maps it finds values aligned. */
    private static final long ALIGNMENT = 8;

    private static final int[] MESSAGE = {2, 1, 4, 8};

    private final ByteBuffer schema;
    private final ByteBuffer batch;
    private final List<ByteBuffer> body = new ArrayList<>();
    private final List<ArrowColumn> nodes = new ArrayList<>();
    private long bodyBytes;

    StreamWriter(ArrowColumn column) {
        collect(column);
        schema = schema(column);
        batch = batch(column);
    }

    private void collect(ArrowColumn column) {
        nodes.add(column);
        for (var buffer : column.buffers()) {
            ByteBuffer bytes = buffer.orElse(ByteBuffer.allocate(0));
            body.add(bytes);
            bodyBytes += padded(bytes.limit());
        }
        column.children().forEach(this::collect);
    }

    private static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long lengthBytes() {
        return 3L * PREFIX_BYTES + schema.limit() + batch.limit() + bodyBytes;
    }

    /** Into a claim of that length. */
    void write(Claim claim) {
        int at = frame(claim, 0, schema);
        at = frame(claim, at, batch);
        for (ByteBuffer buffer : body) {
            claim.putBytes(at, buffer.duplicate().rewind());
            int end = at + (int) padded(buffer.limit());
            for (int i = at + buffer.limit(); i < end; i++) {
                claim.putByte(i, (byte) 0);
            }
            at = end;
        }
        claim.putInt(at, -1);
        claim.putInt(at + 4, 0);
    }

    private static int frame(Claim claim, int at, ByteBuffer description) {
        claim.putInt(at, -1);
        claim.putInt(at + 4, description.limit());
        claim.putBytes(at + PREFIX_BYTES, description);
        return at + PREFIX_BYTES + description.limit();
    }

    private static ByteBuffer schema(ArrowColumn column) {
        FlatWriter out = new FlatWriter();
        FlatWriter.Table message = out.table(MESSAGE).putShort(0, VERSION_5).putByte(1, SCHEMA);
        FlatWriter.Table schema = out.table(new int[] {2, 4});
        message.putOffset(2, schema.at());
        int fields = out.vector(1, 4);
        schema.putOffset(1, fields);
        out.link(fields + 4, field(out, column, "data"));
        return out.finish(message.at());
    }

    private static int field(FlatWriter out, ArrowColumn column, String name) {
        // name, nullable, type's kind, type, dictionary, children
        FlatWriter.Table field = out.table(new int[] {4, 1, 1, 4, 0, 4});
        field.putByte(1, 1).putByte(2, FlatTypes.kind(column.format()));
        field.putOffset(0, out.text(name));
        field.putOffset(3, FlatTypes.write(out, column.format()));
        int children = out.vector(column.children().size(), 4);
        field.putOffset(5, children);
        for (int i = 0; i < column.children().size(); i++) {
            ArrowColumn child = column.children().get(i);
            out.link(children + 4 + 4 * i, field(out, child, child.name()));
        }
        return field.at();
    }

    private ByteBuffer batch(ArrowColumn column) {
        FlatWriter out = new FlatWriter();
        FlatWriter.Table message = out.table(MESSAGE)
                .putShort(0, VERSION_5)
                .putByte(1, RECORD_BATCH)
                .putLong(3, bodyBytes);
        FlatWriter.Table table = out.table(new int[] {8, 4, 4}).putLong(0, column.length());
        message.putOffset(2, table.at());
        int nodesAt = out.vector(nodes.size(), 16);
        table.putOffset(1, nodesAt);
        for (int i = 0; i < nodes.size(); i++) {
            out.putLong(nodesAt + 4 + 16 * i, nodes.get(i).length());
            out.putLong(nodesAt + 12 + 16 * i, nodes.get(i).nulls());
        }
        int buffersAt = out.vector(body.size(), 16);
        table.putOffset(2, buffersAt);
        long offset = 0;
        for (int i = 0; i < body.size(); i++) {
            out.putLong(buffersAt + 4 + 16 * i, offset);
            out.putLong(buffersAt + 12 + 16 * i, body.get(i).limit());
            offset += padded(body.get(i).limit());
        }
        return out.finish(message.at());
    }
}
