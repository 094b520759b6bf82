package io.millrace.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimViewTest {
    private static final int OFFSET = 16;
    private static final int LENGTH = 8;

    private final ByteBuffer region = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    private final OpenClaim claim = new OpenClaim();

    /** A claim that tells its format. */
    private static final class OpenClaim extends ClaimView {
        OpenClaim over(ByteBuffer memory) {
            open(memory, OFFSET, LENGTH);
            return this;
        }

        int code() {
            return formatCode();
        }

        @Override
        public void commit() {
            checkOpen();
            shut();
        }

        @Override
        public void abort() {
            commit();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWriteNumbersLittleEndianAtItsOffset(boolean isOnTheHeap) {
        ByteBuffer memory =
                (isOnTheHeap ? ByteBuffer.allocate(64) : ByteBuffer.allocateDirect(64)).order(ByteOrder.LITTLE_ENDIAN);
        claim.over(region).over(memory);

        claim.putLong(0, 0x0807060504030201L);
        assertThat(written(memory)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);

        claim.putByte(7, (byte) 9);
        claim.putShort(0, (short) 0x0A0B);
        claim.putInt(2, 0x01020304);
        assertThat(written(memory)).containsExactly(0x0B, 0x0A, 4, 3, 2, 1, 7, 9);

        claim.putFloat(4, 1.5f);
        assertThat(memory.getFloat(OFFSET + 4)).isEqualTo(1.5f);
        claim.putDouble(0, -2.5);
        assertThat(memory.getDouble(OFFSET)).isEqualTo(-2.5);

        claim.over(region).putByte(7, (byte) 3);
        assertThat(region.get(OFFSET + 7)).isEqualTo((byte) 3);
    }

    @Test
    void shouldWriteWhereASliceOfAnArrayIs() {
        ByteBuffer slice = ByteBuffer.allocate(96).position(32).slice().order(ByteOrder.LITTLE_ENDIAN);

        claim.over(slice).putInt(0, 7);

        assertThat(slice.getInt(OFFSET)).isEqualTo(7);
    }

    @Test
    void shouldCopyBytesAndLeaveTheirSourceAsItIs() {
        claim.over(region);
        ByteBuffer source = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}).position(2);

        claim.putBytes(0, source);
        claim.putBytes(4, new byte[] {9, 8, 7}, 1, 2);

        assertThat(written()).containsExactly(3, 4, 5, 0, 8, 7, 0, 0);
        assertThat(source.position()).isEqualTo(2);
    }

    @Test
    void shouldBeOfBytesUnlessSaid() {
        claim.over(region).format(PayloadFormat.ARROW_IPC);
        assertThat(claim.code()).isEqualTo(PayloadFormat.ARROW_IPC.code());

        claim.over(region);
        assertThat(claim.code()).isEqualTo(PayloadFormat.BYTES.code());
    }

    @Test
    void shouldTellTheIdOfACodec() {
        claim.over(region).formatCode(0xFFFF);

        assertThat(claim.code()).isEqualTo(0xFFFF);
        for (int code : new int[] {-1, 0x1_0000}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> claim.formatCode(code))
                    .withMessage("a payload's format is a number within 0 to 65535, found " + code);
        }
    }

    @Test
    void shouldShowTheMemoryItWritesTo() {
        claim.over(region);

        assertThat(claim.buffer()).isSameAs(region);
        assertThat(claim.offset()).isEqualTo(OFFSET);
        assertThat(claim.length()).isEqualTo(LENGTH);
    }

    static Stream<ThrowingCallable> writesOutside() {
        OpenClaim claim = new OpenClaim().over(ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN));
        return Stream.of(
                () -> claim.putByte(-1, (byte) 0),
                () -> claim.putByte(LENGTH, (byte) 0),
                () -> claim.putShort(LENGTH - 1, (short) 0),
                () -> claim.putInt(LENGTH - 3, 0),
                () -> claim.putLong(1, 0),
                () -> claim.putLong(Integer.MAX_VALUE, 0),
                () -> claim.putFloat(LENGTH - 3, 0),
                () -> claim.putDouble(1, 0),
                () -> claim.putBytes(0, new byte[LENGTH + 1], 0, LENGTH + 1),
                () -> claim.putBytes(LENGTH, new byte[1], 0, 1),
                () -> claim.putBytes(0, new byte[1], 0, 2),
                () -> claim.putBytes(0, new byte[1], 0, -1),
                () -> claim.putBytes(1, ByteBuffer.allocate(LENGTH)));
    }

    @ParameterizedTest
    @MethodSource("writesOutside")
    void shouldRefuseWhatIsOutsideTheClaim(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOf(IndexOutOfBoundsException.class);
    }

    static Stream<ThrowingCallable> uses() {
        OpenClaim claim = new OpenClaim().over(ByteBuffer.allocate(64));
        claim.commit();
        return Stream.of(
                claim::buffer,
                claim::offset,
                claim::length,
                () -> claim.putByte(0, (byte) 0),
                () -> claim.putShort(0, (short) 0),
                () -> claim.putInt(0, 0),
                () -> claim.putLong(0, 0),
                () -> claim.putFloat(0, 0),
                () -> claim.putDouble(0, 0),
                () -> claim.putBytes(0, new byte[1], 0, 1),
                () -> claim.putBytes(0, ByteBuffer.allocate(1)),
                () -> claim.format(PayloadFormat.UTF8),
                () -> claim.formatCode(1),
                claim::commit,
                claim::abort);
    }

    @ParameterizedTest
    @MethodSource("uses")
    void shouldSaySoWhenItIsUsedAfterItsEnd(ThrowingCallable use) {
        assertThatIllegalStateException().isThrownBy(use).withMessage("this claim was committed or aborted before");
    }

    @Test
    void shouldTellWhetherItIsOpen() {
        assertThat(claim.isOpen()).isFalse();
        assertThat(claim.over(region).isOpen()).isTrue();
        claim.commit();
        assertThat(claim.isOpen()).isFalse();
    }

    private byte[] written() {
        return written(region);
    }

    private static byte[] written(ByteBuffer memory) {
        byte[] bytes = new byte[LENGTH];
        memory.get(OFFSET, bytes);
        return bytes;
    }
}
