package io.millrace.local.nativecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.Payloads;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionFixedSizeListWriter;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams read and written by hand, against Arrow's library. Needs no native code. */
class StreamTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void shouldKeepNoMemory() {
        allocator.close();
    }

    private List<FieldVector> columns() {
        List<FieldVector> columns = new ArrayList<>();
        BigIntVector longs = new BigIntVector("data", allocator);
        longs.setSafe(0, -1);
        longs.setNull(1);
        longs.setSafe(2, Long.MAX_VALUE);
        columns.add(sized(longs, 3));
        UInt8Vector unsigned = new UInt8Vector("data", allocator);
        unsigned.setSafe(0, -1);
        columns.add(sized(unsigned, 1));
        SmallIntVector shorts = new SmallIntVector("data", allocator);
        shorts.setSafe(0, -5);
        columns.add(sized(shorts, 1));
        UInt1Vector bytes = new UInt1Vector("data", allocator);
        bytes.setSafe(0, 255);
        columns.add(sized(bytes, 1));
        Float8Vector doubles = new Float8Vector("data", allocator);
        doubles.setSafe(0, 1.5);
        columns.add(sized(doubles, 1));
        BitVector bits = new BitVector("data", allocator);
        bits.setSafe(0, 1);
        bits.setSafe(9, 1);
        columns.add(sized(bits, 10));
        VarCharVector texts = new VarCharVector("data", allocator);
        texts.setSafe(0, "Gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8));
        texts.setSafe(1, new byte[0]);
        columns.add(sized(texts, 2));
        LargeVarCharVector larger = new LargeVarCharVector("data", allocator);
        larger.setSafe(0, "large".getBytes(StandardCharsets.UTF_8));
        columns.add(sized(larger, 1));
        VarBinaryVector binary = new VarBinaryVector("data", allocator);
        binary.setSafe(0, new byte[] {1, 2});
        columns.add(sized(binary, 1));
        TimeStampMicroTZVector times = new TimeStampMicroTZVector("data", allocator, "Europe/Berlin");
        times.setSafe(0, 1_700_000_000_000_000L);
        columns.add(sized(times, 1));
        columns.add(sized(new NullVector("data"), 4));
        columns.add(Streams.points(allocator));
        columns.add(list());
        columns.add(pairs());
        return columns;
    }

    private static FieldVector sized(FieldVector vector, int values) {
        vector.setValueCount(values);
        return vector;
    }

    private FieldVector list() {
        ListVector list = ListVector.empty("data", allocator);
        UnionListWriter writer = list.getWriter();
        for (int length = 0; length < 3; length++) {
            writer.setPosition(length);
            writer.startList();
            for (int i = 0; i < length; i++) {
                writer.writeBigInt(i);
            }
            writer.endList();
        }
        return sized(list, 3);
    }

    private FieldVector pairs() {
        FixedSizeListVector pairs = FixedSizeListVector.empty("data", 2, allocator);
        UnionFixedSizeListWriter writer = pairs.getWriter();
        for (int row = 0; row < 2; row++) {
            writer.setPosition(row);
            writer.startList();
            writer.writeBigInt(row);
            writer.writeBigInt(10 + row);
            writer.endList();
        }
        return sized(pairs, 2);
    }

    @Test
    void shouldWriteWhatItReadsSoThatArrowReadsTheSame() {
        for (FieldVector column : columns()) {
            String content = Streams.print(column);
            ArrowColumn read = StreamReader.read(ByteBuffer.wrap(Streams.write(column)));
            StreamWriter writer = new StreamWriter(read);
            String written = Payloads.exchange(
                    output -> {
                        var claim = output.claim((int) writer.lengthBytes());
                        writer.write(claim);
                        claim.format(PayloadFormat.ARROW_IPC).commit();
                    },
                    Streams::content);
            assertThat(written).as(read.format().text()).isEqualTo(content);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowByName() {
        DecimalVector decimals = new DecimalVector("data", allocator, 10, 2);
        byte[] stream = Streams.write(sized(decimals, 0));
        assertThatThrownBy(() -> StreamReader.read(ByteBuffer.wrap(stream)))
                .isInstanceOf(UnsupportedArrayException.class)
                .hasMessageStartingWith("Arrow's type Decimal is not supported: numbers, booleans, text");
    }

    @Test
    void shouldRefuseMoreThanOneColumn() {
        byte[] stream = Streams.write(sized(new NullVector("a"), 1), sized(new NullVector("b"), 1));
        assertThatThrownBy(() -> StreamReader.read(ByteBuffer.wrap(stream)))
                .hasMessage(
                        "the payload is an Arrow IPC stream of 2 columns, and an operator takes one: send a struct");
    }

    @Test
    void shouldRefuseTextThatIsNone() {
        VarCharVector texts = new VarCharVector("data", allocator);
        texts.setSafe(0, new byte[] {(byte) 0xC3});
        texts.setSafe(1, new byte[] {(byte) 0xBC});
        byte[] stream = Streams.write(sized(texts, 2));
        assertThatThrownBy(() -> StreamReader.read(ByteBuffer.wrap(stream)))
                .isInstanceOf(UnsupportedArrayException.class);
    }

    @Test
    void shouldBelieveNothingItReads() {
        Random random = new Random(4);
        List<byte[]> streams = columns().stream().map(Streams::write).toList();
        int refused = 0;
        for (int i = 0; i < 40_000; i++) {
            byte[] damaged = Payloads.damaged(streams.get(i % streams.size()), random);
            try {
                touch(StreamReader.read(ByteBuffer.wrap(damaged)));
            } catch (UnsupportedArrayException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    /** As native code would, which nobody stops. */
    private static void touch(ArrowColumn column) {
        switch (column.format().shape()) {
            case FIXED ->
                column.buffer(1).slice(0, column.length() * column.format().size());
            case BITS -> column.buffer(1).slice(0, (column.length() + 7) / 8);
            case BYTES -> {
                if (column.length() > 0) {
                    int last = (int) ColumnCheck.offset(column, column.length());
                    column.buffer(2).slice(0, last);
                }
            }
            case NULL, LIST, FIXED_LIST, STRUCT -> column.children().forEach(StreamTest::touch);
        }
    }
}
