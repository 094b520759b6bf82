package io.millrace.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageViewTest {
    private static final int OFFSET = 64;
    private static final byte[] PAYLOAD = {1, 2, 3, 4, 5, 6, 7, 8};

    private final MessageView view = new MessageView();

    @Test
    void shouldReadNumbersLittleEndian() {
        view.wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null);

        checkNumbers();
    }

    @Test
    void shouldReadNumbersInAnArrayAndElsewhereAgain() {
        ByteBuffer body = ByteBuffer.allocate(RecordLayout.HEADER_LENGTH + PAYLOAD.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(RecordLayout.HEADER_LENGTH, PAYLOAD);
        byte[] other = new byte[RecordLayout.HEADER_LENGTH + PAYLOAD.length];

        assertThat(view.wrapNext(body.array(), 0, 0, 0, PAYLOAD.length)).isFalse();
        view.wrapBody(body, body.array(), 0, 0, 0, 0, PAYLOAD.length);
        checkNumbers();
        assertThat(view.wrapNext(other, 0, 0, 0, PAYLOAD.length)).isFalse();
        assertThat(view.wrapNext(body.array(), 5, 6, 7, 4)).isTrue();
        assertThat(view.length()).isEqualTo(4);
        assertThat(view.getInt(0)).isEqualTo(0x04030201);
        assertThatThrownBy(() -> view.getLong(0)).isInstanceOf(IndexOutOfBoundsException.class);

        view.wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null);
        assertThat(view.wrapNext(body.array(), 0, 0, 0, PAYLOAD.length)).isFalse();
        checkNumbers();
    }

    private void checkNumbers() {
        assertThat(view.length()).isEqualTo(8);
        assertThat(view.getByte(7)).isEqualTo((byte) 8);
        assertThat(view.getShort(1)).isEqualTo((short) 0x0302);
        assertThat(view.getInt(4)).isEqualTo(0x08070605);
        assertThat(view.getLong(0)).isEqualTo(0x0807060504030201L);
        assertThat(view.getFloat(0)).isEqualTo(Float.intBitsToFloat(0x04030201));
        assertThat(view.getDouble(0)).isEqualTo(Double.longBitsToDouble(0x0807060504030201L));
    }

    @Test
    void shouldCopyBytesAndText() {
        view.wrap(record(Parameters.EMPTY, "ab\u00E9d".getBytes(StandardCharsets.UTF_8)), OFFSET, null);
        byte[] target = new byte[4];

        view.getBytes(0, target, 1, 2);

        assertThat(target).containsExactly(0, 'a', 'b', 0);
        assertThat(view.getText(2, 2)).isEqualTo("\u00E9");
        assertThat(view.text()).isEqualTo("ab\u00E9d");
        assertThat(view.toByteArray()).isEqualTo("ab\u00E9d".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowARecordWhoseHeaderIsWrittenNowhereAsOneThatIsWritten() {
        ByteBuffer body = ByteBuffer.allocate(RecordLayout.HEADER_LENGTH + PAYLOAD.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(RecordLayout.HEADER_LENGTH, PAYLOAD);
        MessageView here = new MessageView();
        here.wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null);
        here.wrapBody(body, body.array(), PayloadFormat.JSON.code(), 7, 12, 345, PAYLOAD.length);

        assertThat(here.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(here.incarnation()).isEqualTo(7);
        assertThat(here.sequence()).isEqualTo(12);
        assertThat(here.timestamp()).isEqualTo(345);
        assertThat(here.toByteArray()).isEqualTo(PAYLOAD);
        assertThat(here.isRecordWhole()).isFalse();

        ByteBuffer copy = ByteBuffer.allocate(here.recordLength()).order(ByteOrder.LITTLE_ENDIAN);
        here.copyRecord(0, here.recordLength(), copy, 0);
        view.wrap(copy, 0, null);
        assertThat(view.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(view.incarnation()).isEqualTo(7);
        assertThat(view.sequence()).isEqualTo(12);
        assertThat(view.timestamp()).isEqualTo(345);
        assertThat(view.toByteArray()).isEqualTo(PAYLOAD);
        assertThat(here.sequence()).as("after its header was written").isEqualTo(12);
    }

    @Test
    void shouldShowTheHeader() {
        ByteBuffer region = record(Parameters.EMPTY, PAYLOAD);
        RecordLayout.putHeader(region, OFFSET, (byte) 0, PayloadFormat.JSON.code(), -3);
        region.putLong(OFFSET + RecordLayout.SEQUENCE_OFFSET, 77);
        region.putLong(OFFSET + RecordLayout.TIMESTAMP_OFFSET, HybridClock.ntp64(1_500_000_000L));
        view.wrap(region, OFFSET, null);

        assertThat(view.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(view.incarnation()).isEqualTo(-3);
        assertThat(view.sequence()).isEqualTo(77);
        assertThat(view.time()).isEqualTo(Instant.ofEpochMilli(1500));
        assertThat(view).hasToString("message 77 of 8 bytes, JSON");
    }

    @Test
    void shouldTakeAnUnknownFormatForBytes() {
        ByteBuffer region = record(Parameters.EMPTY, PAYLOAD);
        RecordLayout.putHeader(region, OFFSET, (byte) 0, 0xFFFF, 0);

        assertThat(view.wrap(region, OFFSET, null).format()).isEqualTo(PayloadFormat.BYTES);
        assertThat(view.formatCode()).isEqualTo(0xFFFF);
        assertThat(view).hasToString("message 0 of 8 bytes, codec 65535");
    }

    @Test
    void shouldFindThePayloadBehindTheParameters() {
        Parameters parameters = Parameters.of("n", 5L);

        view.wrap(record(parameters, PAYLOAD), OFFSET, null);

        assertThat(view.hasParameters()).isTrue();
        assertThat(view.parameters()).isEqualTo(parameters);
        assertThat(view.getByte(0)).isEqualTo((byte) 1);
        assertThat(view.buffer().get(view.offset())).isEqualTo((byte) 1);
        assertThat(view.offset() % 8).isZero();
    }

    @Test
    void shouldHaveNoParametersWhenNoneWereSent() {
        view.wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null);

        assertThat(view.hasParameters()).isFalse();
        assertThat(view.parameters()).isSameAs(Parameters.EMPTY);
    }

    @Test
    void shouldReadTheBodyElsewhereWhenItCameByReference() {
        ByteBuffer header = record(Parameters.of("n", 5L), new byte[0]);
        byte[] block = ParameterCodec.encode(Parameters.of("n", 5L));
        ByteBuffer body = ByteBuffer.allocate(RecordLayout.bodyLength(block.length, 3))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, block)
                .put(RecordLayout.align8(block.length), new byte[] {9, 8, 7});
        RecordLayout.putLengths(header, OFFSET, block.length, 3);

        view.wrap(header, OFFSET, body.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));

        assertThat(view.toByteArray()).containsExactly(9, 8, 7);
        assertThat(view.parameters()).isEqualTo(Parameters.of("n", 5L));
    }

    @Test
    void shouldHandOutMemoryThatCannotBeWrittenTo() {
        ByteBuffer region = record(Parameters.EMPTY, PAYLOAD).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        view.wrap(region, OFFSET, null);

        assertThatThrownBy(() -> view.buffer().put(view.offset(), (byte) 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThat(view.buffer()).isSameAs(region);
    }

    static Stream<ThrowingCallable> accessesOutside() {
        MessageView view = new MessageView().wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null);
        byte[] target = new byte[16];
        return Stream.of(
                () -> view.getByte(-1),
                () -> view.getByte(8),
                () -> view.getShort(7),
                () -> view.getInt(5),
                () -> view.getInt(Integer.MAX_VALUE - 1),
                () -> view.getLong(1),
                () -> view.getLong(Integer.MIN_VALUE),
                () -> view.getFloat(5),
                () -> view.getDouble(1),
                () -> view.getBytes(0, target, 0, 9),
                () -> view.getBytes(8, target, 0, 1),
                () -> view.getBytes(0, target, 0, -1),
                () -> view.getBytes(0, target, 12, 8),
                () -> view.getText(0, 9),
                () -> view.getText(4, Integer.MAX_VALUE),
                () -> view.getText(0, -1));
    }

    @ParameterizedTest
    @MethodSource("accessesOutside")
    void shouldRefuseWhatIsOutsideThePayload(ThrowingCallable access) {
        assertThatThrownBy(access).isInstanceOf(IndexOutOfBoundsException.class);
    }

    static Stream<ThrowingCallable> accesses() {
        MessageView view = new MessageView().wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null);
        view.invalidate();
        return accessesTo(view);
    }

    private static Stream<ThrowingCallable> accessesTo(Message message) {
        return Stream.of(
                message::buffer,
                message::offset,
                message::length,
                () -> message.getByte(0),
                () -> message.getShort(0),
                () -> message.getInt(0),
                () -> message.getLong(0),
                () -> message.getFloat(0),
                () -> message.getDouble(0),
                () -> message.getBytes(0, new byte[1], 0, 1),
                () -> message.getText(0, 1),
                message::text,
                message::toByteArray,
                message::format,
                message::incarnation,
                message::sequence,
                message::timestamp,
                message::time,
                message::parameters,
                message::hasParameters);
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void shouldSaySoWhenItIsUsedTooLate(ThrowingCallable access) {
        assertThatIllegalStateException()
                .isThrownBy(access)
                .withMessage("this message is no longer valid: it was used after its callback returned, or after the"
                        + " next poll");
    }

    @Test
    void shouldStillDescribeItselfWhenItIsNoLongerValid() {
        view.invalidate();

        assertThat(view).hasToString("message, no longer valid");
    }

    @Test
    void shouldBeValidAgainWhenItShowsAnotherRecord() {
        view.invalidate();

        assertThat(view.wrap(record(Parameters.EMPTY, PAYLOAD), OFFSET, null).length())
                .isEqualTo(8);
    }

    private static ByteBuffer record(Parameters parameters, byte[] payload) {
        byte[] block = ParameterCodec.encode(parameters);
        ByteBuffer region = ByteBuffer.allocateDirect(512).order(ByteOrder.LITTLE_ENDIAN);
        RecordLayout.putHeader(region, OFFSET, (byte) 0, 0, 0);
        RecordLayout.putLengths(region, OFFSET, block.length, payload.length);
        region.put(OFFSET + RecordLayout.HEADER_LENGTH, block);
        region.put(OFFSET + RecordLayout.HEADER_LENGTH + RecordLayout.align8(block.length), payload);
        return region;
    }
}
