package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private final Wire wire = new Wire(1 << 16);

    /** A codec of an application: a number in three bytes. */
    private static final class Medium extends Codec<Integer> {
        private Medium(int id) {
            super(id, "a number of three bytes");
        }

        @Override
        public int length(Integer value) {
            return 3;
        }

        @Override
        protected void put(Integer value, Claim claim) {
            if (value >>> 24 != 0) {
                throw new IllegalArgumentException("does not fit: " + value);
            }
            claim.putShort(0, value.shortValue());
            claim.putByte(2, (byte) (value >> 16));
        }

        @Override
        protected Integer get(Message message) {
            if (message.length() != 3) {
                throw malformed(message, 0, "expected 3 bytes");
            }
            return message.getShort(0) & 0xFFFF | (message.getByte(2) & 0xFF) << 16;
        }
    }

    private static final Medium MEDIUM = new Medium(0x4001);

    private <T> T exchange(Codec<T> codec, T value) {
        assertThat(codec.send(wire, value)).isEqualTo(SendResult.ACCEPTED);
        assertThat(wire.message().formatCode()).isEqualTo(codec.id());
        return codec.read(wire.message());
    }

    @Test
    void shouldReadWhatWasWrittenWhenValuesAreAtTheirLimits() {
        Stream.of(true, false)
                .forEach(value -> assertThat(exchange(Codecs.BOOLEAN, value)).isEqualTo(value));
        Stream.of(Byte.MIN_VALUE, Byte.MAX_VALUE)
                .forEach(value -> assertThat(exchange(Codecs.BYTE, value)).isEqualTo(value));
        Stream.of(Short.MIN_VALUE, Short.MAX_VALUE)
                .forEach(value -> assertThat(exchange(Codecs.SHORT, value)).isEqualTo(value));
        Stream.of('\0', 'm', '\uFFFF')
                .forEach(value -> assertThat(exchange(Codecs.CHAR, value)).isEqualTo(value));
        Stream.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE)
                .forEach(value -> assertThat(exchange(Codecs.INT, value)).isEqualTo(value));
        Stream.of(Long.MIN_VALUE, -1L, Long.MAX_VALUE)
                .forEach(value -> assertThat(exchange(Codecs.LONG, value)).isEqualTo(value));
        Stream.of(Float.NaN, -0.0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY)
                .forEach(value -> assertThat(exchange(Codecs.FLOAT, value)).isEqualTo(value));
        Stream.of(Double.NaN, -0.0, Double.MIN_VALUE, Double.POSITIVE_INFINITY)
                .forEach(value -> assertThat(exchange(Codecs.DOUBLE, value)).isEqualTo(value));
    }

    @Test
    void shouldReadWithoutABoxWhatWasSentWithoutOne() {
        assertThat(Codecs.BOOLEAN.send(wire, true)).isEqualTo(SendResult.ACCEPTED);
        assertThat(Codecs.BOOLEAN.readBoolean(wire.message())).isTrue();
        Codecs.BYTE.send(wire, (byte) -7);
        assertThat(Codecs.BYTE.readByte(wire.message())).isEqualTo((byte) -7);
        Codecs.SHORT.send(wire, (short) -700);
        assertThat(Codecs.SHORT.readShort(wire.message())).isEqualTo((short) -700);
        Codecs.CHAR.send(wire, '\u20AC');
        assertThat(Codecs.CHAR.readChar(wire.message())).isEqualTo('\u20AC');
        Codecs.INT.send(wire, -70_000);
        assertThat(Codecs.INT.readInt(wire.message())).isEqualTo(-70_000);
        Codecs.LONG.send(wire, 42);
        assertThat(Codecs.LONG.readLong(wire.message())).isEqualTo(42L);
        Codecs.FLOAT.send(wire, 1.5f);
        assertThat(Codecs.FLOAT.readFloat(wire.message())).isEqualTo(1.5f);
        Codecs.DOUBLE.send(wire, Math.PI);
        assertThat(Codecs.DOUBLE.readDouble(wire.message())).isEqualTo(Math.PI);
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsBytes() {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);

        assertThat(exchange(Codecs.BYTES, bytes)).isEqualTo(bytes);
        assertThat(exchange(Codecs.BYTES, new byte[0])).isEmpty();
    }

    @Test
    void shouldWriteTheTextThatTheJdkWritesWhenItIsAnyUnicode() {
        Random random = new Random(2);
        for (int round = 0; round < 2000; round++) {
            String text = random.ints(random.nextInt(30), 0, 0x11_0000)
                    .filter(point -> point < 0xD800 || point > 0xDFFF)
                    .map(point -> random.nextBoolean() ? point : point % 0x900)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(exchange(Codecs.TEXT, text)).isEqualTo(text);
            assertThat(wire.message().format()).isEqualTo(PayloadFormat.UTF8);
            assertThat(wire.message().toByteArray()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\uD800", "\uDC00b", "\uD800\uD800\uDC00", "\uDC00\uD800"})
    void shouldWriteAQuestionMarkWhenASurrogateIsAlone(String text) {
        String expected = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(exchange(Codecs.TEXT, text)).isEqualTo(expected).contains("?");
    }

    @Test
    void shouldReadTextWhenItWasSentWithoutTheCodec() {
        wire.send("gr\u00FC\u00DFe");

        assertThat(Codecs.TEXT.read(wire.message())).isEqualTo("gr\u00FC\u00DFe");
    }

    static Stream<Arguments> noUtf8() {
        return Stream.of(
                Arguments.of(2, new byte[] {'a', 'b', (byte) 0xFF}),
                Arguments.of(8, new byte[] {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', (byte) 0x80}), // no beginning
                Arguments.of(0, new byte[] {(byte) 0xC0, (byte) 0x80}), // overlong
                Arguments.of(0, new byte[] {(byte) 0xE0, (byte) 0x9F, (byte) 0xBF}), // overlong
                Arguments.of(1, new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80}), // surrogate
                Arguments.of(0, new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}), // beyond Unicode
                Arguments.of(0, new byte[] {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF}), // overlong
                Arguments.of(3, new byte[] {'a', 'b', 'c', (byte) 0xE2, (byte) 0x82})); // cut
    }

    @ParameterizedTest
    @MethodSource("noUtf8")
    void shouldSayWhereWhenBytesAreNoUtf8(int at, byte[] payload) {
        Message message = wire.raw(1, payload);
        String found = Integer.toHexString(payload[at] & 0xFF);

        assertThatThrownBy(() -> Codecs.TEXT.read(message))
                .isInstanceOf(CodecException.class)
                .hasMessage("message 0 of " + payload.length + " bytes is not UTF-8 text: at byte " + at
                        + ", expected a character of UTF-8, found 0x" + found);
    }

    @Test
    void shouldNameBothCodecsWhenAnotherHasWritten() {
        Codecs.LONGS.send(wire, new long[] {1, 2});

        assertThatThrownBy(() -> Codecs.TEXT.read(wire.message()))
                .isInstanceOf(CodecException.class)
                .hasMessage("message 0 of 16 bytes was written as an array of longs (codec 277), and is read as "
                        + "UTF-8 text (format 1): both ends must use the same codec");
    }

    static Stream<Arguments> namesOfIds() {
        return Stream.of(
                Arguments.of(0, "bytes (format 0)"),
                Arguments.of(2, "JSON (format 2)"),
                Arguments.of(3, "an Arrow IPC stream (format 3)"),
                Arguments.of(4, "something that this version does not know (format 4)"),
                Arguments.of(0x100, "a boolean (codec 256)"),
                Arguments.of(0x107, "a double (codec 263)"),
                Arguments.of(0x111, "something that this version does not know (codec 273)"),
                Arguments.of(0x117, "an array of doubles (codec 279)"),
                Arguments.of(0x4000, "what a codec of the application writes (codec 16384)"),
                Arguments.of(0xFFFF, "a record of other components or another name (codec 65535)"));
    }

    @ParameterizedTest
    @MethodSource("namesOfIds")
    void shouldNameTheSendersCodecWhenOnlyItsIdIsKnown(int id, String name) {
        Message message = wire.raw(id, new byte[8]);

        assertThatThrownBy(() -> Codecs.LONG.readLong(message))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("was written as " + name + ", and is read as a long (codec 261)");
    }

    @Test
    void shouldReadWhateverTheFormatIsWhenToldTo() {
        Message message = wire.raw(0, (byte) 'o', (byte) 'k');

        assertThat(Codecs.TEXT.wrote(message)).isFalse();
        assertThat(Codecs.TEXT.decode(message)).isEqualTo("ok");
    }

    @Test
    void shouldSayWhatIsMissingWhenAPayloadIsTooShortOrTooLong() {
        assertThatThrownBy(() -> Codecs.LONG.readLong(wire.raw(Codecs.LONG.id(), new byte[7])))
                .isInstanceOf(CodecException.class)
                .hasMessage("message 0 of 7 bytes is not a long: at byte 7, expected 8 bytes in all, found 7");
        assertThatThrownBy(() -> Codecs.INT.read(wire.raw(Codecs.INT.id(), new byte[5])))
                .hasMessage("message 1 of 5 bytes is not an int: at byte 4, expected 4 bytes in all, found 5");
        assertThatThrownBy(() -> Codecs.BOOLEAN.read(wire.raw(Codecs.BOOLEAN.id(), (byte) 2)))
                .hasMessage("message 2 of 1 bytes is not a boolean: at byte 0, expected 0 or 1, found 2");
    }

    @Test
    void shouldSayFullOrClosedWhenNothingCanBeOffered() {
        wire.full(true);
        assertThat(Codecs.TEXT.offer(wire, "x")).isEqualTo(SendResult.FULL);
        wire.full(false);
        assertThat(Codecs.TEXT.offer(wire, "x")).isEqualTo(SendResult.ACCEPTED);
        wire.close();
        assertThat(Codecs.TEXT.offer(wire, "x")).isEqualTo(SendResult.CLOSED);
        assertThat(Codecs.TEXT.send(wire, "x")).isEqualTo(SendResult.CLOSED);
        assertThat(Codecs.LONG.send(wire, 1)).isEqualTo(SendResult.CLOSED);
    }

    @Test
    void shouldReadWhatWasWrittenWhenTheCodecIsTheApplications() {
        assertThat(exchange(MEDIUM, 0xABCDEF)).isEqualTo(0xABCDEF);
        assertThat(MEDIUM).hasToString("a number of three bytes (codec 16385)");
    }

    @Test
    void shouldGiveTheClaimBackWhenTheValueCannotBeWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MEDIUM.send(wire, 1 << 24))
                .withMessage("does not fit: 16777216");
        assertThat(wire.hasOpenClaim()).isFalse();
        assertThat(wire.sent()).isZero();
        assertThat(exchange(MEDIUM, 5)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 0x3FFF, 0x8000, 0x1_0000})
    void shouldRefuseAnApplicationsCodecWhenItsIdIsNotAnApplications(int id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Medium(id))
                .withMessageContaining("must be within 16384 to 32767")
                .withMessageEndingWith("found " + id);
    }

    @Test
    void shouldWriteIntoAClaimWhenItIsAsLongAsTheValue() {
        Claim claim = wire.claim(3);
        MEDIUM.write(77, claim);
        claim.commit();
        assertThat(MEDIUM.read(wire.message())).isEqualTo(77);

        Claim tooLong = wire.claim(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MEDIUM.write(77, tooLong))
                .withMessage("the claim has 4 bytes, a number of three bytes takes 3");
    }
}
