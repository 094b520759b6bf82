package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Parameters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static byte[] header(long length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void shouldCutFramesWhenSeveralComeAtOnce() throws IOException {
        FrameReader reader = new FrameReader();
        assertThat(reader.next()).isNull();

        reader.readFrom(channel(concat(header(2), new byte[] {1, 2}, header(0), header(1), new byte[] {3}, header(9))));

        assertThat(reader.next()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(reader.next()).isEqualTo(ByteBuffer.allocate(0));
        assertThat(reader.next()).isEqualTo(ByteBuffer.wrap(new byte[] {3}));
        assertThat(reader.next()).isNull();
        assertThat(reader.hasPartOfFrame()).isTrue();
    }

    @Test
    void shouldSayThatTheConnectionEnded() throws IOException {
        FrameReader reader = new FrameReader();
        assertThat(reader.readFrom(channel(new byte[0]))).isEqualTo(-1);
        assertThat(reader.hasPartOfFrame()).isFalse();
    }

    @Test
    void shouldReadAFrameWhenItIsLargerThanTheMemory() throws IOException {
        byte[] body = new byte[5_000_000];
        new Random(1).nextBytes(body);
        FrameReader reader = new FrameReader();
        ReadableByteChannel channel =
                channel(concat(header(3), new byte[3], header(body.length), body, header(1), new byte[] {7}));
        ByteBuffer last = null;
        int frames = 0;
        while (frames < 3) {
            ByteBuffer next = reader.next();
            if (next == null) {
                assertThat(reader.readFrom(channel)).isPositive();
            } else if (++frames == 2) {
                assertThat(next).isEqualTo(ByteBuffer.wrap(body));
            } else {
                last = next;
            }
        }
        assertThat(last).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
    }

    @Test
    void shouldReadAFrameOfTheLargestSizeAndRefuseALargerOne() throws IOException {
        FrameReader reader = new FrameReader(1000);
        reader.readFrom(channel(concat(header(1000), new byte[1000], header(1001))));
        assertThat(reader.next())
                .hasToString(ByteBuffer.allocate(1000).toString().replace("Heap", "Direct"));
        assertThatThrownBy(reader::next)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most 1000 bytes, found 1001 (0x3e9)");
    }

    @Test
    void shouldReadLongerFramesOnceTheirSenderIsTrusted() throws IOException {
        FrameReader reader = new FrameReader(2);
        reader.readFrom(channel(concat(header(2), new byte[2], header(3), new byte[3])));
        assertThat(reader.next()).isEqualTo(ByteBuffer.allocate(2));

        reader.trust();

        assertThat(reader.next()).isEqualTo(ByteBuffer.allocate(3));
    }

    @Test
    void shouldRefuseALengthWhenItIsText() throws IOException {
        FrameReader reader = new FrameReader();
        reader.readFrom(channel("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        assertThatThrownBy(reader::next)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("what connected here does not speak the protocol of dora 1.x");
    }

    /** A length is a promise of bytes, no reason to take memory for them. */
    @Test
    void shouldTakeNoMemoryWhenALengthLies() throws IOException {
        long before = directBytes();
        FrameReader reader = new FrameReader();
        reader.readFrom(channel(concat(header(FrameReader.MAX_BODY_BYTES), new byte[1000])));
        for (int i = 0; i < 10; i++) {
            assertThat(reader.next()).isNull();
            assertThat(reader.readFrom(channel(new byte[10]))).isEqualTo(10);
        }
        assertThat(directBytes() - before).isLessThan(16 << 20);
        assertThat(reader.hasPartOfFrame()).isTrue();
    }

    /** Header and small fields together, the payload from where it lies. */
    @Test
    void shouldWriteALargePayloadFromWhereItIs() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FrameWriter.COPIED_BYTES + 1);
        FrameWriter frame = new FrameWriter();
        Metadata metadata = Metadata.ofData(Wire.NODE_TIME, Parameters.EMPTY);
        RequestCodec.encode(new Request.SendMessage("out", metadata, Payload.of(bytes)), Wire.NODE_TIME, frame);
        bytes.put(5, (byte) 99);

        byte[] body = Wire.body(frame);

        Request.SendMessage read = (Request.SendMessage) Wire.request(body);
        assertThat(read.payload().whole().get(5)).isEqualTo((byte) 99);
        assertThat(bytes.remaining()).isEqualTo(FrameWriter.COPIED_BYTES + 1);
        PipedChannel channel = new PipedChannel(3);
        while (!frame.writeTo(channel)) {
            assertThat(frame.isWritten()).isFalse();
        }
        assertThat(bytes.remaining()).isEqualTo(FrameWriter.COPIED_BYTES + 1);
        assertThat(frame.toByteArray()).isEmpty();
    }

    /** What was decoded shows the memory of the frame, not a copy of it. */
    @Test
    void shouldShowTheFramesMemoryWhenAPayloadIsRead() {
        byte[] body = Wire.bytes("02 03 6f 75 74 02" + Wire.T + "00 01 00 04 de ad be ef" + Wire.T);
        Request.SendMessage message = (Request.SendMessage) Wire.request(body);
        body[body.length - 26] = 1;
        assertThat(message.payload().whole().get(3)).isEqualTo((byte) 1);
    }

    @Test
    void shouldRefuseToSendWhatNoFrameHolds() {
        ByteBuffer shared = ByteBuffer.allocate(FrameReader.MAX_BODY_BYTES / 2);
        FrameWriter frame = new FrameWriter();
        Metadata metadata = Metadata.ofData(Wire.NODE_TIME, Parameters.EMPTY);
        Request large = new Request.SendMessage("out", metadata, Payload.of(shared, shared));

        assertThatThrownBy(() -> RequestCodec.encode(large, Wire.NODE_TIME, frame))
                .isInstanceOf(FrameTooLargeException.class)
                .hasMessageContaining("is larger than the 67108864 (64 MiB) that dora's protocol allows");
        assertThatThrownBy(() -> Payload.of(shared, shared, ByteBuffer.allocate(1)))
                .isInstanceOf(FrameTooLargeException.class);
        assertThat(frame.isWritten()).isTrue();

        RequestCodec.encode(new Request.Subscribe(), Wire.NODE_TIME, frame);
        assertThat(Wire.body(frame)).isEqualTo(Wire.bytes("01" + Wire.T));
    }

    @Test
    void shouldLeaveTheEventsForLaterWhenTheBatchIsFull() {
        FrameWriter frame = new FrameWriter();
        EventBatch batch = new EventBatch(frame);
        Metadata metadata = Metadata.ofData(Wire.NODE_TIME, Parameters.EMPTY);
        TimedEvent small = TimedEvent.of(new NodeEvent.Input("in", metadata, Payload.of(ByteBuffer.allocate(100))));
        TimedEvent large = TimedEvent.of(
                new NodeEvent.Input("in", metadata, Payload.of(ByteBuffer.allocate(EventBatch.MAX_BYTES))));
        TimedEvent huge = TimedEvent.of(
                new NodeEvent.Input("in", metadata, Payload.of(ByteBuffer.allocate(FrameReader.MAX_BODY_BYTES))));

        batch.begin();
        assertThat(batch.offer(small)).isTrue();
        assertThat(batch.offer(large)).isFalse();
        assertThat(batch.offer(small)).isTrue();
        batch.end();
        assertThat(Wire.reply(Wire.body(frame))).isEqualTo(new Reply.NextEvents(java.util.List.of(small, small)));

        batch.begin();
        assertThatThrownBy(() -> batch.offer(huge)).isInstanceOf(FrameTooLargeException.class);
        assertThat(batch.offer(large)).isTrue();
        assertThat(batch.isFull()).isTrue();
        assertThat(batch.offer(small)).isFalse();
        batch.end();
        assertThat(Wire.reply(Wire.body(frame))).isEqualTo(new Reply.NextEvents(java.util.List.of(large)));

        batch.begin();
        int count = 0;
        while (batch.offer(new TimedEvent(new NodeEvent.Stop(), Wire.NODE_TIME))) {
            count++;
        }
        batch.end();
        assertThat(count).isEqualTo(EventBatch.MAX_COUNT);
        assertThat(((Reply.NextEvents) Wire.reply(Wire.body(frame))).events()).hasSize(count);
    }

    @Test
    void shouldLetTheMemoryGoWhenLargeFramesStayAway() throws IOException {
        FrameReader reader = new FrameReader();
        ReadableByteChannel large = channel(concat(header(30 << 20), new byte[30 << 20]));
        ByteBuffer body = reader.next();
        while (body == null) {
            reader.readFrom(large);
            body = reader.next();
        }
        assertThat(reader.memoryBytes()).isGreaterThan(30 << 20);
        byte[] small = concat(header(1), new byte[1]);
        for (int i = 0; i < 2000; i++) {
            reader.readFrom(channel(small));
            assertThat(reader.next()).isNotNull();
        }
        assertThat(reader.memoryBytes()).isEqualTo(64 << 10);
    }
}
