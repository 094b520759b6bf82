package io.millrace.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Parameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterCodecTest {

    @Test
    void shouldTakeNoBytesWhenThereAreNoParameters() {
        assertThat(ParameterCodec.encode(Parameters.EMPTY)).isEmpty();
        assertThat(decode(new byte[0])).isSameAs(Parameters.EMPTY);
    }

    @Test
    void shouldWriteWhatItsTableSays() {
        Parameters parameters = Parameters.of("b", true).with("n", 0x0102030405060708L);

        assertThat(ParameterCodec.encode(parameters))
                .isEqualTo(HexFormat.of()
                        .parseHex("0200" + "00" + "0100" + "62" + "01" + "01" + "0100" + "6e" + "0807060504030201"));
    }

    @Test
    void shouldGiveBackWhatWasWrittenWhenItIsOfEveryType() {
        Parameters parameters = Parameters.of("flag", false)
                .with("number", Long.MIN_VALUE)
                .with("text", "Grüße, 世界 \uD83D\uDEA2")
                .with("longs", List.of(1L, -1L, Long.MAX_VALUE))
                .with("decimal", -0.0)
                .with("decimals", List.of(Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY))
                .with("texts", List.of("", "a", "é"))
                .with("time", Instant.parse("1969-12-31T23:59:59.999999999Z"));

        assertThat(decode(ParameterCodec.encode(parameters))).isEqualTo(parameters);
    }

    @Test
    void shouldGiveBackAnEmptyListWhenOneWasWritten() {
        Parameters parameters = Parameters.of("none", List.of());

        assertThat(decode(ParameterCodec.encode(parameters))).isEqualTo(parameters);
    }

    @Test
    void shouldGiveBackWhatWasWrittenWhateverThatIs() {
        for (long seed = 0; seed < 500; seed++) {
            Parameters parameters = randomParameters(new Random(seed));

            byte[] block = ParameterCodec.encode(parameters);

            assertThat(decode(block)).as("seed %s", seed).isEqualTo(parameters);
        }
    }

    @Test
    void shouldReadAtItsPlaceWhenTheBlockStandsWithinOtherBytes() {
        byte[] block = ParameterCodec.encode(Parameters.of("n", 7L));
        ByteBuffer buffer = ByteBuffer.allocate(block.length + 20);
        buffer.put(10, block);

        assertThat(ParameterCodec.decode(buffer, 10, block.length)).isEqualTo(Parameters.of("n", 7L));
        assertThat(buffer.position()).isZero();
    }

    @Test
    void shouldCarryTheMostThatIsAllowed() {
        Parameters parameters = Parameters.EMPTY;
        for (int i = 0; i < Parameters.MAX_COUNT; i++) {
            parameters = parameters.with("p" + i, (long) i);
        }

        assertThat(decode(ParameterCodec.encode(parameters))).isEqualTo(parameters);
    }

    @Test
    void shouldRefuseWhenTheBlockWouldBeTooLarge() {
        int overhead = 2 + 1 + 2 + 1 + 4;
        String longest = "x".repeat(ParameterCodec.MAX_BLOCK_BYTES - overhead);

        assertThat(ParameterCodec.encode(Parameters.of("t", longest))).hasSize(ParameterCodec.MAX_BLOCK_BYTES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParameterCodec.encode(Parameters.of("t", longest + "x")))
                .withMessage("parameters take 65537 bytes, more than the 65536 that a message may carry");
    }

    @ParameterizedTest
    @CsvSource({
        "01, it ends too early",
        "0100, it ends too early",
        "0000ff, 1 bytes are left over",
        "0100 00 0100 62, it ends too early",
        "0100 00 ffff 62, a text of 65535 bytes does not fit",
        "0100 09 0100 62 00, there is no type 9",
        "0100 ff 0100 62 00, there is no type -1",
        "0100 02 0100 62 ffffffff, a text of 4294967295 bytes does not fit",
        "0100 02 0100 62 02000000 61, a text of 2 bytes does not fit",
        "0100 03 0100 62 ffffff7f, a list of 2147483647 elements does not fit",
        "0100 05 0100 62 ffffffff, a list of 4294967295 elements does not fit",
        "0100 06 0100 62 01000000 01000000, a text of 1 bytes does not fit",
        "0100 07 0100 62 ffffffffffffff7f ffffffff, a time is out of range",
        "0100 07 0100 62 ffffffffffffff7f 00000000, a time is out of range",
        "0200 00 0100 62 00 00 0100 62 01, parameter 'b' stands there twice",
    })
    void shouldSayWhatIsWrongWhenTheBlockIsMalformed(String hex, String what) {
        byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> decode(block))
                .withMessage("malformed parameter block: " + what);
    }

    @Test
    void shouldRefuseANameWhenItIsEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decode(HexFormat.of().parseHex("0100000000" + "01")))
                .withMessageContaining("a parameter's name has 1 to 256 bytes");
    }

    @Test
    void shouldRefuseMoreParametersThanAMessageMayCarry() {
        ByteBuffer block = ByteBuffer.allocate(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        block.putShort((short) 1025);
        for (int i = 0; i < 1025; i++) {
            byte[] name = ("p" + i).getBytes(StandardCharsets.UTF_8);
            block.put((byte) 0).putShort((short) name.length).put(name).put((byte) 1);
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParameterCodec.decode(block, 0, block.position()))
                .withMessageContaining("at most 1024 parameters");
    }

    @Test
    void shouldOnlyEverRefuseInOneWayWhenTheBytesAreRandom() {
        Random random = new Random(42);
        for (int i = 0; i < 200_000; i++) {
            byte[] block = new byte[random.nextInt(60)];
            random.nextBytes(block);
            if (block.length > 2 && random.nextInt(4) > 0) {
                block[0] = (byte) (1 + random.nextInt(2)); // else nearly none gets beyond the count
                block[1] = 0;
                block[2] = (byte) random.nextInt(9);
            }
            readOrRefuse(block);
        }
    }

    @Test
    void shouldOnlyEverRefuseInOneWayWhenAByteWasChanged() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] good = ParameterCodec.encode(randomParameters(random));
            for (int i = 0; i < 100; i++) {
                byte[] block = Arrays.copyOf(good, Math.max(0, good.length - random.nextInt(4)));
                if (block.length > 0) {
                    block[random.nextInt(block.length)] = (byte) random.nextInt();
                }
                readOrRefuse(block);
            }
        }
    }

    private static void readOrRefuse(byte[] block) {
        try {
            Parameters read = decode(block);
            assertThat(read.asMap()).hasSizeLessThanOrEqualTo(Parameters.MAX_COUNT);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("parameter");
        } catch (RuntimeException other) {
            throw new AssertionError("block " + HexFormat.of().formatHex(block), other);
        }
    }

    @Test
    void shouldNotBelieveALengthBeyondTheBuffer() {
        assertThatThrownBy(() -> ParameterCodec.decode(ByteBuffer.allocate(8), 4, 5))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static Parameters decode(byte[] block) {
        return ParameterCodec.decode(ByteBuffer.wrap(block).asReadOnlyBuffer(), 0, block.length);
    }

    private static Parameters randomParameters(Random random) {
        Parameters parameters = Parameters.EMPTY;
        for (int left = random.nextInt(12); left > 0; left--) {
            String name = "n" + randomText(random);
            parameters = parameters.with(name, randomValue(random));
        }
        return parameters;
    }

    private static Object randomValue(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextLong();
            case 2 -> randomText(random);
            case 3 -> random.longs(random.nextInt(5)).boxed().toList();
            case 4 -> Double.longBitsToDouble(random.nextLong());
            case 5 -> random.doubles(random.nextInt(5)).boxed().toList();
            case 6 -> randomTexts(random);
            default -> Instant.ofEpochSecond(random.nextLong() / 1_000_000_000L, random.nextInt(1_000_000_000));
        };
    }

    private static List<String> randomTexts(Random random) {
        List<String> texts = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            texts.add(randomText(random));
        }
        return texts;
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(20); left > 0; left--) {
            int codePoint = random.nextInt(0x2_0000);
            text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? 'x' : codePoint);
        }
        return text.toString();
    }
}
