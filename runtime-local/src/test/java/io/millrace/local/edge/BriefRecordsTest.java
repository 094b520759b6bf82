package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.MessageView;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records without a header, between those with one. */
class BriefRecordsTest {
    private static final int QUEUE_SIZE = 7;
    private static final int MAX_LENGTH = 300;

    private final MessageView view = new MessageView();
    private Edge edge;
    private EdgeWriter writer;
    private EdgeReader reader;

    private record Sent(int format, int incarnation, long sequence, long timestamp, byte[] parameters, byte[] payload) {
        long firstWord(int flags) {
            return RecordLayout.firstWord((byte) flags, format, incarnation);
        }

        long lengths() {
            return RecordLayout.lengths(parameters.length, payload.length);
        }
    }

    private void open(EdgeForm form) {
        edge = form.create(QUEUE_SIZE).takeBrief();
        writer = edge.writer();
        reader = edge.reader();
    }

    private boolean sendBrief(Sent message) {
        int at = writer.tryClaimBrief(message.payload.length);
        if (at >= 0) {
            writer.buffer().put(at + EdgeWriter.BRIEF_HEADER_LENGTH, message.payload);
            writer.commitBrief(message.format, message.timestamp);
        }
        return at >= 0;
    }

    private boolean sendWhole(Sent message) {
        int at = writer.tryClaim(RecordLayout.HEADER_LENGTH
                + RecordLayout.bodyLength(message.parameters.length, message.payload.length));
        if (at >= 0) {
            putBody(writer.buffer(), at + RecordLayout.HEADER_LENGTH, message);
            writer.putHeader(message.firstWord(0), message.sequence, message.timestamp, message.lengths());
            writer.commit(null);
        }
        return at >= 0;
    }

    /** As one that was written elsewhere. */
    private boolean sendCopied(Sent message) {
        int at = writer.tryClaim(RecordLayout.HEADER_LENGTH
                + RecordLayout.bodyLength(message.parameters.length, message.payload.length));
        if (at >= 0) {
            putHeader(writer.buffer(), at, message, 0);
            putBody(writer.buffer(), at + RecordLayout.HEADER_LENGTH, message);
            writer.commit(null);
        }
        return at >= 0;
    }

    private boolean sendReference(Sent message) {
        int at = writer.tryClaim(RecordLayout.HEADER_LENGTH);
        if (at >= 0) {
            ByteBuffer memory = ByteBuffer.allocateDirect(
                            RecordLayout.bodyLength(message.parameters.length, message.payload.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            putBody(memory, 0, message);
            putHeader(writer.buffer(), at, message, RecordLayout.FLAG_REFERENCE);
            writer.commit(Slab.unpooled(memory));
        }
        return at >= 0;
    }

    private static void putHeader(ByteBuffer to, int at, Sent message, int flags) {
        to.putLong(at, message.firstWord(flags));
        to.putLong(at + RecordLayout.SEQUENCE_OFFSET, message.sequence);
        to.putLong(at + RecordLayout.TIMESTAMP_OFFSET, message.timestamp);
        to.putLong(at + RecordLayout.PARAMETERS_LENGTH_OFFSET, message.lengths());
    }

    private static void putBody(ByteBuffer to, int at, Sent message) {
        to.put(at, message.parameters);
        to.put(at + RecordLayout.align8(message.parameters.length), message.payload);
    }

    private void receive(Sent expected) {
        assertThat(reader.next()).as("%s", expected).isTrue();
        reader.show(view);
        assertThat(view.incarnation()).isEqualTo(expected.incarnation);
        assertThat(view.sequence()).isEqualTo(expected.sequence);
        assertThat(view.timestamp()).isEqualTo(expected.timestamp);
        assertThat(view.formatCode()).isEqualTo(expected.format);
        assertThat(view.parametersLength()).isEqualTo(expected.parameters.length);
        byte[] payload = new byte[view.length()];
        view.getBytes(0, payload, 0, payload.length);
        assertThat(payload).isEqualTo(expected.payload);
        checkRecord(expected);
    }

    /** What who copies the record finds. */
    private void checkRecord(Sent expected) {
        ByteBuffer copy = ByteBuffer.allocate(view.recordLength()).order(ByteOrder.LITTLE_ENDIAN);
        view.copyRecord(0, view.recordLength(), copy, 0);
        assertThat(copy.getLong(0)).isEqualTo(expected.firstWord(0));
        assertThat(copy.getLong(RecordLayout.SEQUENCE_OFFSET)).isEqualTo(expected.sequence);
        assertThat(copy.getLong(RecordLayout.TIMESTAMP_OFFSET)).isEqualTo(expected.timestamp);
        assertThat(copy.getLong(RecordLayout.PARAMETERS_LENGTH_OFFSET)).isEqualTo(expected.lengths());
        byte[] payload = new byte[expected.payload.length];
        copy.get(copy.capacity() - payload.length, payload);
        assertThat(payload).isEqualTo(expected.payload);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(names = {"AGRONA_RING", "OWN_RING"})
    void shouldShowWhatWasSentWhenSomeRecordsAreBriefAndSomeAreNot(EdgeForm form) {
        Random random = new Random(31);
        int brief = 0;
        for (int run = 0; run < 30; run++) {
            open(form);
            Deque<Sent> waiting = new ArrayDeque<>();
            int incarnation = 0;
            long sequence = 0;
            for (int step = 0; step < 2_000; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> sequence += random.nextInt(3); // that others got
                    case 1 -> {
                        if (random.nextInt(10) == 0) {
                            incarnation++;
                            sequence = random.nextInt(2) == 0 ? sequence : 0;
                        }
                    }
                    case 2 -> {
                        if (writer.tryClaim(40) >= 0) {
                            writer.abort();
                        }
                    }
                    case 3 -> {
                        if (writer.isNext(incarnation, sequence) && writer.tryClaimBrief(40) >= 0) {
                            writer.abort();
                        }
                    }
                    case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> {
                        byte[] parameters = bytes(random, random.nextInt(8) == 0 ? random.nextInt(20) : 0);
                        Sent message = new Sent(
                                random.nextInt(1 << 16),
                                incarnation,
                                sequence,
                                random.nextLong(),
                                parameters,
                                bytes(random, random.nextInt(MAX_LENGTH)));
                        int way = random.nextInt(20);
                        boolean isBrief = way > 2 && parameters.length == 0 && writer.isNext(incarnation, sequence);
                        boolean isSent = isBrief
                                ? sendBrief(message)
                                : way == 0
                                        ? sendReference(message)
                                        : way == 1 ? sendCopied(message) : sendWhole(message);
                        assertThat(isSent).as("there is room").isEqualTo(waiting.size() < QUEUE_SIZE);
                        if (isSent) {
                            brief += isBrief ? 1 : 0;
                            waiting.add(message);
                            sequence++;
                        }
                    }
                    default -> {
                        if (waiting.isEmpty()) {
                            assertThat(reader.next()).isFalse();
                        } else {
                            receive(waiting.remove());
                        }
                    }
                }
            }
        }
        assertThat(brief).as("brief records").isGreaterThan(5_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"AGRONA_RING", "OWN_RING"})
    void shouldLeaveNothingOfARecordWhenItIsScribbledOver(EdgeForm form) {
        open(form);
        Sent first = new Sent(0, 1, 0, 5, new byte[0], new byte[] {1, 2, 3});
        Sent second = new Sent(7, 1, 1, 6, new byte[0], new byte[] {4, 5, 6, 7, 8});
        assertThat(sendWhole(first)).isTrue();
        assertThat(sendBrief(second)).isTrue();
        receive(first);
        receive(second);
        int at = view.offset();
        reader.scribble();
        for (int i = 0; i < second.payload.length; i++) {
            assertThat(reader.buffer().get(at + i)).isEqualTo((byte) 0xDB);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeNoBriefRecordWhenItsReaderLooksAtRecords(EdgeForm form) {
        edge = form.create(QUEUE_SIZE);
        writer = edge.writer();
        reader = edge.reader();
        assertThat(sendWhole(new Sent(0, 0, 0, 1, new byte[0], new byte[8]))).isTrue();
        assertThat(writer.isNext(0, 1)).isFalse();
    }
}
