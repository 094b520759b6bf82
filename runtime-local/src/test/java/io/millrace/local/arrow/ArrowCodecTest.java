package io.millrace.local.arrow;

import static io.millrace.local.Payloads.damaged;
import static io.millrace.local.Payloads.exchange;
import static io.millrace.local.Payloads.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import io.millrace.codec.CodecException;
import io.millrace.codec.Codecs;
import io.millrace.node.Message;
import io.millrace.node.PayloadFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.impl.UnionFixedSizeListWriter;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrowCodecTest {
    private static final int ARROW = PayloadFormat.ARROW_IPC.code();

    private final BufferAllocator allocator = new RootAllocator();
    private final ArrowCodec codec = ArrowCodec.of(allocator);

    @AfterEach
    void shouldKeepNoMemoryWhenEverythingIsClosed() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private VectorSchemaRoot numbers(long... values) {
        BigIntVector data = new BigIntVector("data", allocator);
        data.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            data.setSafe(i, values[i]);
        }
        data.setValueCount(values.length);
        return new VectorSchemaRoot(List.of(data));
    }

    /** Of each kind of layout one: fixed, variable, nested; with nulls. */
    private VectorSchemaRoot table(int rows) {
        Float8Vector decimals = new Float8Vector("decimals", allocator);
        VarCharVector texts = new VarCharVector("texts", allocator);
        ListVector lists = ListVector.empty("lists", allocator);
        decimals.allocateNew(rows);
        texts.allocateNew(rows);
        UnionListWriter writer = lists.getWriter();
        for (int row = 0; row < rows; row++) {
            decimals.setSafe(row, row / 2.0);
            if (row % 3 == 0) {
                texts.setNull(row);
            } else {
                texts.setSafe(row, ("t\u20AC" + row).getBytes(StandardCharsets.UTF_8));
            }
            writer.setPosition(row);
            writer.startList();
            for (int i = 0; i < row % 4; i++) {
                writer.writeInt(row * 10 + i);
            }
            writer.endList();
        }
        for (FieldVector vector : List.of(decimals, texts, lists)) {
            vector.setValueCount(rows);
        }
        return new VectorSchemaRoot(List.of(decimals, texts, lists));
    }

    private byte[] bytesOf(VectorSchemaRoot root) {
        return exchange(output -> codec.send(output, root), Message::toByteArray);
    }

    private static byte[] writtenByArrow(VectorSchemaRoot root, int batches) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
            writer.start();
            for (int i = 0; i < batches; i++) {
                writer.writeBatch();
            }
            writer.end();
        }
        return bytes.toByteArray();
    }

    private void assertRefused(byte[] payload, String... parts) {
        long memory = allocator.getAllocatedMemory();
        assertThatThrownBy(() -> exchange(raw(ARROW, payload), codec::read).close())
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("is not an Arrow IPC stream of one record batch: at byte ")
                .hasMessageContainingAll(parts);
        assertThat(allocator.getAllocatedMemory()).isEqualTo(memory);
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsOneColumn() {
        try (VectorSchemaRoot sent = numbers(1, 2, 3);
                VectorSchemaRoot read = exchange(output -> codec.send(output, sent), codec::read)) {
            assertThat(read.equals(sent)).isTrue();
            assertThat(((BigIntVector) read.getVector("data")).get(2)).isEqualTo(3);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsATable() {
        for (int rows : new int[] {0, 1, 7, 1000}) {
            try (VectorSchemaRoot sent = table(rows);
                    VectorSchemaRoot read = exchange(output -> codec.send(output, sent), codec::read)) {
                assertThat(read.getSchema()).isEqualTo(sent.getSchema());
                assertThat(read.getRowCount()).isEqualTo(rows);
                assertThat(read.contentToTSVString()).isEqualTo(sent.contentToTSVString());
            }
        }
    }

    @Test
    void shouldWriteTheStreamThatArrowWrites() throws IOException {
        try (VectorSchemaRoot sent = table(9)) {
            assertThat(bytesOf(sent)).isEqualTo(writtenByArrow(sent, 1));
        }
    }

    @Test
    void shouldReadWhenTheEndIsNotMarked() {
        try (VectorSchemaRoot sent = numbers(4, 5)) {
            byte[] stream = bytesOf(sent);
            byte[] open = Arrays.copyOf(stream, stream.length - 8);
            try (VectorSchemaRoot read = exchange(raw(ARROW, open), codec::read)) {
                assertThat(read.getRowCount()).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldReadNoBytesWhenAMessageHasNoData() {
        try (VectorSchemaRoot read = exchange(raw(ARROW, new byte[0]), codec::read)) {
            assertThat(read.getRowCount()).isZero();
            assertThat(read.getVector("data")).isInstanceOf(UInt1Vector.class);
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenTheStreamIsNoneOfOneBatch() throws IOException {
        try (VectorSchemaRoot sent = numbers(1)) {
            assertRefused(new byte[1], "at byte 0, expected a schema, found the last 1 bytes");
            assertRefused(new byte[9], "at byte 0, expected 0xffffffff, which begins a frame, found 0x0");
            assertRefused(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0}, "expected a schema, found the end of the stream");
            assertRefused(
                    new byte[] {-1, -1, -1, -1, -1, -1, -1, 127},
                    "at byte 4, expected the length of a description, within 0 to 0, found 2147483647");
            assertRefused(writtenByArrow(sent, 0), "expected a record batch, found the end of the stream");
            assertRefused(writtenByArrow(sent, 2), "expected the end of the stream, found ");
            byte[] stream = bytesOf(sent);
            assertRefused(Arrays.copyOf(stream, stream.length - 9), "expected a body of ");
            assertRefused(Arrays.copyOf(stream, stream.length + 1), "expected the end of the stream");
        }
    }

    @Test
    void shouldRefuseADictionaryWhenItIsSentOrReceived() throws IOException {
        FieldType encoded = new FieldType(
                true, new ArrowType.Int(32, true), new DictionaryEncoding(7, false, new ArrowType.Int(32, true)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(new IntVector("code", encoded, allocator)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bytesOf(root))
                    .withMessage("column 'code' is encoded by a dictionary: decode it before it is sent");
        }
        ByteBuffer schema = description(new Schema(List.of(new Field("code", encoded, List.of()))));
        assertRefused(frame(schema), "dictionaries are not supported: send decoded columns");
    }

    @Test
    void shouldRefuseASchemaWhenItIsTooDeepTooWideOrTooWordy() {
        Field deep = Field.nullable("leaf", new ArrowType.Int(32, true));
        for (int i = 0; i < SchemaCheck.MAX_DEPTH; i++) {
            deep = new Field("d", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(deep));
        }
        assertRefused(frame(description(new Schema(List.of(deep)))), "deeper than 64");
        List<Field> wide = new ArrayList<>();
        for (int i = 0; i <= SchemaCheck.MAX_FIELDS; i++) {
            wide.add(Field.nullable("", ArrowType.Null.INSTANCE));
        }
        assertRefused(frame(description(new Schema(wide))), "more than 10000 fields");
        assertRefused(frame(sharing(ArrowFrames.MAX_METADATA_BYTES / 4)), "more than 4194304 bytes");
        Map<String, String> wordy = Map.of("note", "x".repeat(ArrowFrames.MAX_METADATA_BYTES));
        assertRefused(
                frame(description(new Schema(List.of(), wordy))),
                "expected the length of a description, within 0 to 1048576");
    }

    /** Fields that all have the same children, which have the same children, and so on: few bytes, and fields without number. */
    @Test
    void shouldRefuseASchemaWhenItsFieldsShareTheirChildren() {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int name = builder.createString("x");
        org.apache.arrow.flatbuf.Struct_.startStruct_(builder);
        int type = org.apache.arrow.flatbuf.Struct_.endStruct_(builder);
        int[] children = {};
        for (int level = 0; level < 30; level++) {
            int vector = org.apache.arrow.flatbuf.Field.createChildrenVector(builder, children);
            int field = org.apache.arrow.flatbuf.Field.createField(
                    builder, name, true, org.apache.arrow.flatbuf.Type.Struct_, type, 0, vector, 0);
            children = new int[] {field, field, field};
        }
        int fields = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, children);
        int schema = org.apache.arrow.flatbuf.Schema.createSchema(builder, (short) 0, fields, 0, 0);

        assertRefused(
                frame(MessageSerializer.serializeMessage(builder, MessageHeader.Schema, schema, 0, IpcOption.DEFAULT)),
                "more than 10000 fields");
    }

    /** A schema whose metadata are many times the same text. */
    private static ByteBuffer sharing(int textBytes) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int text = builder.createString("x".repeat(textBytes));
        int[] entries = new int[100];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = org.apache.arrow.flatbuf.KeyValue.createKeyValue(builder, text, text);
        }
        int metadata = org.apache.arrow.flatbuf.Schema.createCustomMetadataVector(builder, entries);
        int fields = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, new int[0]);
        int schema = org.apache.arrow.flatbuf.Schema.createSchema(builder, (short) 0, fields, metadata, 0);
        return MessageSerializer.serializeMessage(builder, MessageHeader.Schema, schema, 0, IpcOption.DEFAULT);
    }

    private static ByteBuffer description(Schema schema) {
        return MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT);
    }

    private static byte[] frame(ByteBuffer description) {
        ByteBuffer frame = ByteBuffer.allocate(8 + description.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return frame.putInt(-1).putInt(description.remaining()).put(description).array();
    }

    @Test
    void shouldNameBothWhenAnotherCodecHasWritten() {
        assertThatThrownBy(() -> exchange(output -> Codecs.LONG.send(output, 5), codec::read))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(
                        "written as a long (codec 261)", "read as an Arrow IPC stream of one record batch (format 3)");
    }

    @Test
    void shouldReadAColumnOfUnsignedBytesWhenTheMessageIsPlainBytes() {
        for (int length : new int[] {0, 1, 9, 5000}) {
            byte[] sent = new byte[length];
            new Random(length).nextBytes(sent);
            try (VectorSchemaRoot read = exchange(raw(PayloadFormat.BYTES.code(), sent), codec::read)) {
                assertThat(read.getSchema().getFields())
                        .containsExactly(Field.nullable("data", new ArrowType.Int(8, false)));
                UInt1Vector data = (UInt1Vector) read.getVector("data");
                assertThat(data.getNullCount()).isZero();
                byte[] bytes = new byte[data.getValueCount()];
                data.getDataBuffer().getBytes(0, bytes);
                assertThat(bytes).isEqualTo(sent);
            }
        }
    }

    @Test
    void shouldRefusePlainBytesWhenTheAllocatorHasNoMemoryLeft() {
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, 64)) {
            assertThatThrownBy(
                            () -> exchange(raw(PayloadFormat.BYTES.code(), new byte[9000]), ArrowCodec.of(small)::read))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("the bytes cannot be read: ");
        }
    }

    /** Whoever knows better than a sender that says nothing decodes. */
    @Test
    void shouldDecodeAStreamWhenItsSenderSaysThatItIsBytes() {
        try (VectorSchemaRoot sent = numbers(4, 5);
                VectorSchemaRoot read = exchange(raw(PayloadFormat.BYTES.code(), bytesOf(sent)), codec::decode)) {
            assertThat(read.equals(sent)).isTrue();
        }
    }

    @Test
    void shouldReadListsWhenTheyAreOfFixedSize() {
        FixedSizeListVector points = FixedSizeListVector.empty("points", 3, allocator);
        UnionFixedSizeListWriter writer = points.getWriter();
        for (int row = 0; row < 4; row++) {
            writer.setPosition(row);
            writer.startList();
            for (int i = 0; i < 3; i++) {
                writer.writeFloat8(row + i / 4.0);
            }
            writer.endList();
        }
        points.setValueCount(4);
        try (VectorSchemaRoot sent = new VectorSchemaRoot(List.of(points));
                VectorSchemaRoot read = exchange(output -> codec.send(output, sent), codec::read)) {
            assertThat(read.contentToTSVString()).isEqualTo(sent.contentToTSVString());
        }
    }

    @Test
    void shouldNameTheColumnWhenItsTypeIsNotSupported() {
        try (VectorSchemaRoot sent = new VectorSchemaRoot(List.of(new ViewVarCharVector("seen", allocator)))) {
            sent.setRowCount(0);
            assertRefused(bytesOf(sent), "column 'seen' is of type Utf8View, which is not supported");
        }
    }

    /** Arrow's own validation knows nothing of maps. */
    @Test
    void shouldNameTheColumnWhenItIsAMap() {
        MapVector places = MapVector.empty("places", allocator, false);
        UnionMapWriter writer = places.getWriter();
        writer.allocate();
        writer.startMap();
        writer.startEntry();
        writer.key().bigInt().writeBigInt(1);
        writer.value().bigInt().writeBigInt(2);
        writer.endEntry();
        writer.endMap();
        writer.setValueCount(1);
        try (VectorSchemaRoot sent = new VectorSchemaRoot(List.of(places))) {
            sent.setRowCount(1);
            assertRefused(bytesOf(sent), "column 'places' is of type Map(false), which is not supported");
        }
    }

    @Test
    void shouldKeepTheParametersOfAColumnsType() {
        TimeStampMicroTZVector times = new TimeStampMicroTZVector("times", allocator, "Europe/Athens");
        times.setSafe(0, 5);
        times.setValueCount(1);
        try (VectorSchemaRoot sent = new VectorSchemaRoot(List.of(times));
                VectorSchemaRoot read = exchange(output -> codec.send(output, sent), codec::read)) {
            assertThat(read.equals(sent)).isTrue();
        }
    }

    @Test
    void shouldRefuseWhenTheAllocatorHasNoMemoryLeft() {
        try (VectorSchemaRoot sent = table(100);
                BufferAllocator small = allocator.newChildAllocator("small", 0, 64)) {
            assertThatThrownBy(() -> exchange(raw(ARROW, bytesOf(sent)), ArrowCodec.of(small)::read))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Unable to allocate buffer");
        }
    }

    /** Whatever was read can be looked at, every value of it, and all memory comes back. */
    @Test
    void shouldReadOrRefuseWhenBytesAreDamaged() {
        Random random = new Random(8);
        byte[] right;
        try (VectorSchemaRoot sent = table(5)) {
            right = bytesOf(sent);
        }
        int read = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] payload = damaged(right, random);
            try (VectorSchemaRoot root = exchange(raw(ARROW, payload), codec::read)) {
                assertThat(root.contentToTSVString()).isNotEmpty();
                read++;
            } catch (CodecException e) {
                assertThat(e).hasMessageContaining("at byte ");
            }
            assertThat(allocator.getAllocatedMemory()).as("round " + round).isZero();
        }
        assertThat(read).isPositive();
    }
}
