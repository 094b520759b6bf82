package io.millrace.local.nativecode;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.PayloadFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Arrow IPC streams as Arrow's own library has them. */
final class Streams {
    private Streams() {}

    /** A stream of these columns, which are closed. */
    static byte[] write(FieldVector... columns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = VectorSchemaRoot.of(columns);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
            root.setRowCount(columns[0].getValueCount());
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Consumer<Output> sending(FieldVector column) {
        byte[] stream = write(column);
        return output -> {
            Claim claim = output.claim(stream.length);
            claim.putBytes(0, ByteBuffer.wrap(stream));
            claim.format(PayloadFormat.ARROW_IPC).commit();
        };
    }

    /** The values of the only column, as Arrow's library reads and prints them. */
    static String content(Message message) {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowStreamReader reader =
                        new ArrowStreamReader(new ByteArrayInputStream(message.toByteArray()), allocator)) {
            if (!reader.loadNextBatch()) {
                throw new AssertionError("the stream has no batch");
            }
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            String text = print(root.getFieldVectors().get(0));
            if (root.getFieldVectors().size() != 1 || reader.loadNextBatch()) {
                throw new AssertionError("the stream has more than one column, or batch");
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also where the library prints no values. */
    static String print(FieldVector column) {
        if (column instanceof NullVector) {
            return column.getValueCount() + " nulls";
        }
        return column instanceof VarBinaryVector bytes ? Arrays.toString(bytes.get(0)) : column.toString();
    }

    /** The only value, without the brackets of a list. */
    static String text(Message message) {
        String content = content(message);
        return content.substring(1, content.length() - 1);
    }

    /** Structs of a number and a text, some of them missing. */
    static FieldVector points(BufferAllocator allocator) {
        StructVector points = StructVector.empty("data", allocator);
        BigIntVector x = points.addOrGet("x", FieldType.nullable(new ArrowType.Int(64, true)), BigIntVector.class);
        VarCharVector name = points.addOrGet("name", FieldType.nullable(ArrowType.Utf8.INSTANCE), VarCharVector.class);
        List<String> names = List.of("one", "", "three");
        for (int i = 0; i < 3; i++) {
            if (i == 1) {
                points.setNull(i);
                continue;
            }
            points.setIndexDefined(i);
            if (i == 0) {
                x.setSafe(i, 1);
            }
            name.setSafe(i, names.get(i).getBytes(StandardCharsets.UTF_8));
        }
        points.setValueCount(3);
        return points;
    }
}
