package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against Arrow's own library: what we write by hand it reads, what it writes we recognise. */
class ArrowBytesTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    private static byte[] wrapped(byte[] bytes) {
        ByteBuffer stream = ArrowBytes.wrap(ByteBuffer.wrap(bytes)).whole();
        byte[] all = new byte[stream.remaining()];
        stream.get(all);
        return all;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] written(int batches, FieldVector... columns) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(columns));
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
            writer.start();
            for (int i = 0; i < batches; i++) {
                writer.writeBatch();
            }
            writer.end();
        }
        return bytes.toByteArray();
    }

    private UInt1Vector bytes(byte... values) {
        UInt1Vector data = new UInt1Vector("data", allocator);
        data.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            data.setSafe(i, values[i]);
        }
        data.setValueCount(values.length);
        return data;
    }

    private static boolean isPlain(byte[] stream) {
        return ArrowBytes.unwrap(ByteBuffer.wrap(stream)) != ArrowBytes.NOT_PLAIN;
    }

    @Test
    void shouldBeReadByArrowWhenWrittenByHand() throws IOException {
        for (int length : new int[] {0, 1, 7, 8, 9, 63, 64, 1000, 70_001}) {
            byte[] sent = random(length);
            byte[] stream = wrapped(sent);
            assertThat(stream).hasSize((int) ArrowBytes.streamLength(length));
            try (ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                assertThat(root.getSchema().getFields())
                        .containsExactly(Field.nullable("data", new ArrowType.Int(8, false)));
                UInt1Vector data = (UInt1Vector) root.getVector(0);
                byte[] read = new byte[data.getValueCount()];
                data.getDataBuffer().getBytes(0, read);
                assertThat(read).isEqualTo(sent);
                assertThat(data.getNullCount()).isZero();
                assertThat(reader.loadNextBatch()).isFalse();
            }
        }
    }

    @Test
    void shouldFindTheBytesWhenArrowHasWrittenThem() throws IOException {
        for (int length : new int[] {0, 1, 8, 1001}) {
            byte[] sent = random(length);
            byte[] stream = written(1, bytes(sent));
            long found = ArrowBytes.unwrap(ByteBuffer.wrap(stream));
            assertThat(found).isNotEqualTo(ArrowBytes.NOT_PLAIN);
            int offset = ArrowBytes.offset(found);
            assertThat(Arrays.copyOfRange(stream, offset, offset + ArrowBytes.length(found)))
                    .isEqualTo(sent);
        }
    }

    @Test
    void shouldFindTheBytesWhenWrittenByHandAndTheBufferBeginsElsewhere() {
        byte[] sent = random(77);
        ByteBuffer memory = ByteBuffer.allocate(1000).position(13);
        memory.put(wrapped(sent)).flip().position(13);
        long found = ArrowBytes.unwrap(memory);
        assertThat(ArrowBytes.offset(found)).isEqualTo(ArrowBytes.PREFIX_BYTES);
        assertThat(memory.slice(13 + ArrowBytes.offset(found), ArrowBytes.length(found)))
                .isEqualTo(ByteBuffer.wrap(sent));
        assertThat(memory.position()).isEqualTo(13);
    }

    @Test
    void shouldNotCopyWhatIsWrapped() {
        ByteBuffer bytes = ByteBuffer.allocate(10);
        Payload payload = ArrowBytes.wrap(bytes);
        bytes.put(0, (byte) 9);
        assertThat(payload.pieces().get(1).get(0)).isEqualTo((byte) 9);
    }

    @Test
    void shouldSayNotPlainWhenTheStreamHoldsSomethingElse() throws IOException {
        UInt1Vector withNull = bytes((byte) 1, (byte) 2);
        withNull.setNull(1);
        assertThat(isPlain(written(1, withNull))).isFalse();
        assertThat(isPlain(written(1, bytes((byte) 1), bytes((byte) 2)))).isFalse();
        assertThat(isPlain(written(1, new TinyIntVector("data", allocator)))).isFalse();
        assertThat(isPlain(written(1, new SmallIntVector("data", allocator)))).isFalse();
        assertThat(isPlain(written(1, new VarBinaryVector("data", allocator)))).isFalse();
        assertThat(isPlain(written(0, bytes((byte) 1)))).isFalse();
        assertThat(isPlain(written(2, bytes((byte) 1)))).isFalse();
        assertThat(isPlain(new byte[0])).isFalse();
        assertThat(isPlain(new byte[] {1, 2, 3})).isFalse();
    }

    @Test
    void shouldFindTheBytesWhenTheEndIsNotMarked() {
        byte[] stream = wrapped(random(16));
        assertThat(isPlain(Arrays.copyOf(stream, stream.length - 8))).isTrue();
        assertThat(isPlain(Arrays.copyOf(stream, stream.length - 1))).isFalse();
        assertThat(isPlain(Arrays.copyOf(stream, stream.length + 1))).isFalse();
    }
}
