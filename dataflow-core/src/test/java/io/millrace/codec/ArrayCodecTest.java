package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every array is sent as a whole, in part and value by value, and read as a copy and in place. */
class ArrayCodecTest {
    private final Wire wire = new Wire(1 << 12);
    private final Random random = new Random(3);

    @Test
    void shouldReadWhatWasWrittenWhenItIsBooleans() {
        BooleanArrayView view = new BooleanArrayView();
        for (int length = 0; length < 40; length++) {
            boolean[] values = new boolean[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextBoolean();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.BOOLEANS.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.BOOLEANS.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.BOOLEANS.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.BOOLEANS.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.BOOLEANS.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.BOOLEANS.put(claim, values.length, random.nextBoolean()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.BOOLEANS.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsShorts() {
        ShortArrayView view = new ShortArrayView();
        for (int length = 0; length < 40; length++) {
            short[] values = new short[length];
            for (int i = 0; i < length; i++) {
                values[i] = (short) random.nextInt();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.SHORTS.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.SHORTS.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.SHORTS.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.SHORTS.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.SHORTS.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.SHORTS.put(claim, values.length, (short) random.nextInt()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.SHORTS.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsChars() {
        CharArrayView view = new CharArrayView();
        for (int length = 0; length < 40; length++) {
            char[] values = new char[length];
            for (int i = 0; i < length; i++) {
                values[i] = (char) random.nextInt();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.CHARS.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.CHARS.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.CHARS.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.CHARS.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.CHARS.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.CHARS.put(claim, values.length, (char) random.nextInt()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.CHARS.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsInts() {
        IntArrayView view = new IntArrayView();
        for (int length = 0; length < 40; length++) {
            int[] values = new int[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextInt();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.INTS.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.INTS.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.INTS.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.INTS.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.INTS.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.INTS.put(claim, values.length, random.nextInt()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.INTS.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsLongs() {
        LongArrayView view = new LongArrayView();
        for (int length = 0; length < 40; length++) {
            long[] values = new long[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextLong();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.LONGS.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.LONGS.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.LONGS.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.LONGS.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.LONGS.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.LONGS.put(claim, values.length, random.nextLong()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.LONGS.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsFloats() {
        FloatArrayView view = new FloatArrayView();
        for (int length = 0; length < 40; length++) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextFloat();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.FLOATS.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.FLOATS.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.FLOATS.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.FLOATS.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.FLOATS.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.FLOATS.put(claim, values.length, random.nextFloat()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.FLOATS.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsDoubles() {
        DoubleArrayView view = new DoubleArrayView();
        for (int length = 0; length < 40; length++) {
            double[] values = new double[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextDouble();
            }
            int from = length / 3;
            int count = length / 2;

            assertThat(Codecs.DOUBLES.send(wire, values)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Codecs.DOUBLES.read(wire.message())).isEqualTo(values);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(values);

            Codecs.DOUBLES.send(wire, values, from, count);
            assertThat(view.wrap(wire.message()).toArray()).isEqualTo(Arrays.copyOfRange(values, from, from + count));

            Claim claim = Codecs.DOUBLES.claim(wire, length);
            for (int i = length - 1; i >= 0; i--) {
                Codecs.DOUBLES.put(claim, i, values[i]);
            }
            assertThatThrownBy(() -> Codecs.DOUBLES.put(claim, values.length, random.nextDouble()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            claim.commit();
            assertThat(Codecs.DOUBLES.read(wire.message())).isEqualTo(values);
            view.wrap(wire.message());
            assertThat(view.length()).isEqualTo(length);
            assertThatThrownBy(() -> view.get(values.length)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldCopyAPartWhenAViewIsAskedTo() {
        Codecs.LONGS.send(wire, new long[] {10, 11, 12, 13});
        LongArrayView view = new LongArrayView().wrap(wire.message());
        long[] target = new long[5];

        view.copyTo(1, target, 2, 3);

        assertThat(target).containsExactly(0, 0, 11, 12, 13);
        assertThatThrownBy(() -> view.copyTo(2, target, 0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.copyTo(0, target, 2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(target).containsExactly(0, 0, 11, 12, 13);
    }

    @Test
    void shouldSayWhereWhenThePayloadEndsWithinAValue() {
        Message message = wire.raw(Codecs.LONGS.id(), new byte[21]);
        String problem = "message 0 of 21 bytes is not an array of longs: at byte 16, "
                + "expected a value of 8 bytes, found the last 5";

        assertThatThrownBy(() -> Codecs.LONGS.read(message))
                .isInstanceOf(CodecException.class)
                .hasMessage(problem);
        assertThatThrownBy(() -> new LongArrayView().wrap(message))
                .isInstanceOf(CodecException.class)
                .hasMessage(problem);
    }

    @Test
    void shouldSayWhereWhenAByteIsNoBoolean() {
        Message message = wire.raw(Codecs.BOOLEANS.id(), (byte) 1, (byte) 0, (byte) -1);
        BooleanArrayView view = new BooleanArrayView().wrap(message);

        assertThat(view.get(0)).isTrue();
        assertThatThrownBy(() -> view.get(2))
                .isInstanceOf(CodecException.class)
                .hasMessageEndingWith("not an array of booleans: at byte 2, expected 0 or 1, found 255");
        assertThatThrownBy(() -> Codecs.BOOLEANS.read(message)).isInstanceOf(CodecException.class);
    }

    @Test
    void shouldNameBothWhenAViewIsOfAnotherType() {
        Codecs.DOUBLES.send(wire, new double[] {1});

        assertThatThrownBy(() -> new LongArrayView().wrap(wire.message()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("an array of doubles (codec 279)")
                .hasMessageContaining("an array of longs (codec 277)");
    }

    @Test
    void shouldShowValuesWhateverTheFormatIsWhenToldTo() {
        Message message = wire.raw(0, (byte) 1, (byte) 0, (byte) 2, (byte) 0);

        assertThat(new ShortArrayView().decode(message).toArray()).containsExactly(1, 2);
        assertThatThrownBy(() -> new LongArrayView().decode(message))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("expected a value of 8 bytes, found the last 4");
    }

    @Test
    void shouldHoldNothingWhenNothingWasWrapped() {
        LongArrayView view = new LongArrayView();

        assertThat(view.length()).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> view.get(0))
                .withMessage("this view shows no message yet: wrap one first");
    }

    @Test
    void shouldKeepShowingTheFirstMessageWhenTheSecondIsRefused() {
        Codecs.LONGS.send(wire, new long[] {5});
        LongArrayView view = new LongArrayView().wrap(wire.message());

        assertThatThrownBy(() -> view.wrap(new Wire(16).raw(0, new byte[16]))).isInstanceOf(CodecException.class);

        assertThat(view.toArray()).containsExactly(5);
    }

    @Test
    void shouldRefuseWhenThereAreMoreValuesThanAPayloadHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codecs.LONGS.claim(wire, Output.MAX_PAYLOAD_BYTES / 8 + 1))
                .withMessage("an array of longs may have 0 to 134217728 values, found 134217729");
        assertThatIllegalArgumentException().isThrownBy(() -> Codecs.LONGS.tryClaim(wire, -1));
        assertThatThrownBy(() -> Codecs.LONGS.send(wire, new long[2], 1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(wire.hasOpenClaim()).isFalse();
    }

    @Test
    void shouldClaimNothingWhenTheOutputIsFull() {
        wire.full(true);

        assertThat(Codecs.LONGS.tryClaim(wire, 1)).isNull();
        assertThat(Codecs.LONGS.offer(wire, new long[1])).isEqualTo(SendResult.FULL);
    }
}
