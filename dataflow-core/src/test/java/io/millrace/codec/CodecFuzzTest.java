package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.Message;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are, a codec reads them or says by a {@link CodecException} what is wrong. What it has read it writes as the same bytes again, for there
 * is but one way to write a value.
 */
class CodecFuzzTest {
    private static final int ROUNDS = 5_000;

    record Inner(boolean flag, float ratio) {}

    enum Colour {
        RED,
        GREEN,
        BLUE
    }

    record Mixed(int number, String first, Inner inner, Colour colour, String second, char letter, String third) {}

    static Stream<Arguments> codecsWithASample() {
        return Stream.of(
                Arguments.of(Codecs.BYTES, new byte[] {1, 2, 3}),
                Arguments.of(Codecs.TEXT, "wat\u00E9r \u20AC \uD83D\uDEA3 wheel"),
                Arguments.of(Codecs.BOOLEAN, true),
                Arguments.of(Codecs.BYTE, (byte) 5),
                Arguments.of(Codecs.SHORT, (short) 5),
                Arguments.of(Codecs.CHAR, 'c'),
                Arguments.of(Codecs.INT, 5),
                Arguments.of(Codecs.LONG, 5L),
                Arguments.of(Codecs.FLOAT, 5f),
                Arguments.of(Codecs.DOUBLE, 5d),
                Arguments.of(Codecs.BOOLEANS, new boolean[] {true, false}),
                Arguments.of(Codecs.SHORTS, new short[] {1, 2, 3}),
                Arguments.of(Codecs.CHARS, new char[] {'a', 'b'}),
                Arguments.of(Codecs.INTS, new int[] {1, 2, 3}),
                Arguments.of(Codecs.LONGS, new long[] {1, 2, 3}),
                Arguments.of(Codecs.FLOATS, new float[] {1, 2, 3}),
                Arguments.of(Codecs.DOUBLES, new double[] {1, 2, 3}),
                Arguments.of(
                        Codecs.ofRecord(Mixed.class),
                        new Mixed(1, "on\u00E9", new Inner(true, 2), Colour.BLUE, null, 'x', "three")));
    }

    @ParameterizedTest
    @MethodSource("codecsWithASample")
    <T> void shouldReadOrRefuseWhenBytesAreRandom(Codec<T> codec, T sample) {
        Random random = new Random(5);
        Wire wire = new Wire(256);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] payload = new byte[random.nextInt(80)];
            random.nextBytes(payload);
            readOrRefuse(codec, wire, payload);
        }
    }

    @ParameterizedTest
    @MethodSource("codecsWithASample")
    <T> void shouldReadOrRefuseWhenBytesAreDamaged(Codec<T> codec, T sample) {
        Random random = new Random(6);
        Wire wire = new Wire(256);
        codec.send(wire, sample);
        byte[] right = wire.message().toByteArray();
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            read += readOrRefuse(codec, wire, damaged(right, random)) ? 1 : 0;
        }
        assertThat(read).as("payloads that are no less right").isPositive();
    }

    private static byte[] damaged(byte[] right, Random random) {
        byte[] payload =
                random.nextInt(4) == 0 ? Arrays.copyOf(right, random.nextInt(right.length + 5)) : right.clone();
        for (int i = random.nextInt(4); i > 0 && payload.length > 0; i--) {
            int at = random.nextInt(payload.length);
            payload[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) (payload[at] ^ 1 << random.nextInt(8));
                case 2 -> (byte) (payload[at] + (random.nextBoolean() ? 1 : -1));
                default -> (byte) (random.nextBoolean() ? 0xFF : 0x7F);
            };
        }
        return payload;
    }

    private static <T> boolean readOrRefuse(Codec<T> codec, Wire wire, byte[] payload) {
        Message message = wire.raw(codec.id(), payload);
        T value;
        try {
            value = codec.read(message);
        } catch (CodecException e) {
            assertThat(e).hasMessageContaining("at byte ");
            return false;
        }
        codec.send(wire, value);
        assertThat(wire.message().toByteArray()).isEqualTo(payload);
        return true;
    }
}
