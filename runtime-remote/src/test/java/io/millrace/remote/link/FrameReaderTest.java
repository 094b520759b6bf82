package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.layout.RecordLayout;
import io.millrace.remote.wire.EdgeSession;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final int CHANNEL = 3;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldReadTheSameHoweverTheBytesAreCut(long seed) {
        ByteBuffer stream = everyFrame();
        Heard whole = new Heard();
        new FrameReader(whole).feed(stream, 0, stream.limit());
        Random random = new Random(seed);
        Heard cut = new Heard();
        FrameReader reader = new FrameReader(cut);
        for (int at = 0; at < stream.limit(); ) {
            int count = Math.min(stream.limit() - at, 1 + random.nextInt(1 << random.nextInt(12)));
            reader.feed(stream, at, at + count);
            at += count;
        }

        assertThat(cut.calls).isEqualTo(whole.calls);
        assertThat(whole.calls)
                .contains(
                        "open 3 edge 'x/out -> y/in' of job 'job' (5 -> 6)",
                        "grant 3 1 10 100 true",
                        "data 3 41 records of 77",
                        "data 3 42 records of 163",
                        "begin 3 45 body of 1000",
                        "fragment 3 0 1000",
                        "notice 3 Failed[node=x, error=it broke, inputs=[in]]",
                        "notice 3 Restarted[node=x]",
                        "notice 3 Counted[dropped=3, fullNs=" + (1L << 50) + "]",
                        "close 3 FINISHED done",
                        "cancel 3 REFUSED no",
                        "closed 3",
                        "end");
        assertThat(whole.bytes).isEqualTo(1000);
    }

    /** Whatever comes, it is read or refused: no other exception, and no end of memory. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void shouldReadOrRefuseWhenBytesAreChanged(long seed) {
        Random random = new Random(seed);
        ByteBuffer good = everyFrame();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            ByteBuffer bad = ByteBuffer.allocate(good.limit()).order(ByteOrder.LITTLE_ENDIAN);
            bad.put(0, good, 0, good.limit());
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                change(bad, random);
            }
            try {
                new FrameReader(new Heard()).feed(bad, 0, bad.limit());
            } catch (ProtocolViolation violation) {
                refused++;
                assertThat(violation.getMessage()).isNotBlank().doesNotContain("\n");
            }
        }
        assertThat(refused).isBetween(1000, 19_999);
    }

    private static void change(ByteBuffer bytes, Random random) {
        int at = random.nextInt(bytes.limit() - 8);
        switch (random.nextInt(3)) {
            case 0 -> bytes.put(at, (byte) random.nextInt());
            case 1 -> bytes.putInt(at & ~3, random.nextBoolean() ? Integer.MAX_VALUE : -1);
            default -> bytes.putLong(at, random.nextLong());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void shouldRefuseNoise(long seed) {
        Random random = new Random(seed);
        byte[] noise = new byte[4096];
        for (int round = 0; round < 2_000; round++) {
            random.nextBytes(noise);
            ByteBuffer in = ByteBuffer.wrap(noise).order(ByteOrder.LITTLE_ENDIAN);
            assertThatThrownBy(() -> new FrameReader(new Heard()).feed(in, 0, noise.length))
                    .isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenALengthIsBeyondItsType() {
        ByteBuffer in = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        Frames.putHeader(in, 0, Frames.DATA, Integer.MAX_VALUE);

        assertThatThrownBy(() -> new FrameReader(new Heard()).feed(in, 0, 8))
                .hasMessage("a frame of type 19 with length 2147483647, expected 48 to 8208");
    }

    private static ByteBuffer everyFrame() {
        SendStream stream = new SendStream.Padded(UnpooledByteBufAllocator.DEFAULT);
        StreamWriter writer = new StreamWriter(stream);
        EdgeSession session = new EdgeSession("job", "x/out -> y/in", 5, 6);
        writer.open(CHANNEL, session, Texts.bytes("job", 99), Texts.bytes("x/out -> y/in", 99));
        writer.grant(Frames.ACCEPT, CHANNEL, 1, 10, 100);
        ByteBuffer record = ByteBuffer.allocateDirect(200).order(ByteOrder.LITTLE_ENDIAN);
        RecordLayout.putHeader(record, 0, (byte) 0, 7, 1);
        RecordLayout.putLengths(record, 0, 0, 45);
        writer.beginRecords(CHANNEL, 41, 77);
        writer.addRecord(record, 0, 77);
        writer.endRecords();
        writer.beginRecords(CHANNEL, 42, 77);
        writer.addRecord(record, 0, 77);
        RecordLayout.putLengths(record, 0, 5, 3);
        writer.addRecord(record, 0, 43);
        writer.addRecord(record, 0, 43);
        writer.endRecords();
        writer.grant(Frames.CREDIT, CHANNEL, 0, 20, 200);
        RecordLayout.putHeader(record, 0, RecordLayout.FLAG_REFERENCE, 7, 1);
        RecordLayout.putLengths(record, 0, 0, 1000);
        writer.header(CHANNEL, 45, record, 0);
        io.millrace.local.pool.Slab body = io.millrace.local.pool.Slab.unpooled(ByteBuffer.allocateDirect(1000));
        writer.fragment(CHANNEL, body, 0, 1000, true);
        writer.notice(CHANNEL, new Notice.Failed("x", "it broke", List.of("in")));
        writer.notice(CHANNEL, new Notice.Restarted("x"));
        writer.notice(CHANNEL, new Notice.Counted(3, 1L << 50));
        writer.ending(Frames.CLOSE, CHANNEL, Ending.FINISHED, "done");
        writer.ending(Frames.CANCEL, CHANNEL, Ending.REFUSED, "no");
        writer.closed(CHANNEL);
        int length = (int) stream.position();
        ByteBuffer all = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        all.put(0, stream.reserve(0), 0, length);
        stream.close();
        return all;
    }

    /** Notes what it is told, and how many bytes of bodies. */
    private static final class Heard implements FrameHandler {
        final List<String> calls = new ArrayList<>();
        long bytes;

        @Override
        public boolean onStreamFrame(int length) {
            return true;
        }

        @Override
        public void onStreamFrameEnd(int length) {
            calls.add("end");
        }

        @Override
        public void onResume(Resume resume) {
            calls.add(resume.toString());
        }

        @Override
        public void onStart(long position) {
            calls.add("start " + position);
        }

        @Override
        public void onAck(long position) {
            calls.add("ack " + position);
        }

        @Override
        public void onOpen(int channel, EdgeSession session) {
            calls.add("open " + channel + " " + session);
        }

        @Override
        public void onGrant(int channel, int flags, long messages, long bodies, boolean isFirst) {
            calls.add("grant " + channel + " " + flags + " " + messages + " " + bodies + " " + isFirst);
        }

        @Override
        public void onData(int channel, int sequence, ByteBuffer in, int recordsAt, int length) {
            assertThat(recordsAt + length).isLessThanOrEqualTo(in.capacity());
            calls.add("data " + channel + " " + sequence + " records of " + length);
        }

        @Override
        public void onBegin(int channel, int sequence, ByteBuffer in, int headerAt, int bodyLength) {
            calls.add("begin " + channel + " " + sequence + " body of " + bodyLength);
        }

        @Override
        public void onFragment(int channel, int offset, int length) {
            calls.add("fragment " + channel + " " + offset + " " + length);
        }

        @Override
        public void onFragmentBytes(ByteBuffer in, int at, int count) {
            bytes += count;
        }

        @Override
        public void onNotice(int channel, Notice notice) {
            calls.add("notice " + channel + " " + notice);
        }

        @Override
        public void onClose(int channel, Ending ending, String reason) {
            calls.add("close " + channel + " " + ending + " " + reason);
        }

        @Override
        public void onCancel(int channel, Ending ending, String reason) {
            calls.add("cancel " + channel + " " + ending + " " + reason);
        }

        @Override
        public void onClosed(int channel) {
            calls.add("closed " + channel);
        }
    }
}
