package io.millrace.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.remote.wire.RecordCodec.Limits;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    /** Of the one message below. If it has to change, the version has to change too. */
    private static final String GOLDEN =
            "01185265706f7274020c6a2d3104d80414454e444544000210706c616e4c6a6176612e696f2e494f457863657074696f"
                    + "6e10676f6e650248617420612e422e6328422e6a6176613a312900010404610210706c616e060210706c616e014c6c69"
                    + "6e6b20746f2027622720697320646f776e";

    private static final Limits SMALL = new Limits(1000, 100, 10, 5);

    record Nothing() {}

    record Text(String text) {}

    record Chain(Optional<Chain> next, List<Chain> others) {}

    record Values(Map<String, Object> values) {}

    record Counts(Map<String, Integer> counts) {}

    record Numbers(byte b, short s, char c, int i, long l, float f, double d, boolean z) {}

    record Unwritable(Thread thread) {}

    record Checked(int positive) {
        Checked {
            if (positive <= 0) {
                throw new IllegalArgumentException("must be positive, found " + positive);
            }
        }
    }

    private static <T> RecordCodec<T> codec(Class<T> type) {
        return RecordCodec.of(type, MethodHandles.lookup(), SMALL);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ExecutorMessage.class,
                MasterMessage.class,
                ClientRequest.class,
                ClientReply.class,
                JobEvent.class,
                Question.Answer.class,
                Submission.class,
                GraphForm.class,
                JobAssignment.class,
                PartReport.class,
                JobView.class,
                ExecutorView.class,
                EdgeSession.class
            })
    <T> void shouldReadWhatWasWrittenAndNothingElseWhenBytesAreAnyMessage(Class<T> type) {
        RecordCodec<T> codec = RecordCodec.of(type);
        RandomValues values = new RandomValues(7);
        Random random = new Random(8);
        for (int i = 0; i < 150; i++) {
            T value = values.any(type);
            byte[] bytes = codec.encode(value);

            T read = codec.decode(bytes);

            assertThat(read).usingRecursiveComparison().isEqualTo(value);
            assertThat(codec.encode(read)).isEqualTo(bytes);
            for (int k = 0; k < 20; k++) {
                expectRefusedOrCanonical(codec, mutated(bytes, random));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {ExecutorMessage.class, MasterMessage.class, ClientRequest.class, ClientReply.class})
    <T> void shouldRefuseWithOneExceptionWhenBytesAreRandom(Class<T> type) {
        RecordCodec<T> codec = RecordCodec.of(type);
        Random random = new Random(9);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextInt(10) > 0) {
                bytes[0] = RecordCodec.VERSION;
            }
            expectRefusedOrCanonical(codec, bytes);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] changed = switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(5));
            default -> bytes.clone();
        };
        for (int i = random.nextInt(3); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }

    /** Whatever is read has one form only: nothing that two masters might write differently. */
    private static <T> void expectRefusedOrCanonical(RecordCodec<T> codec, byte[] bytes) {
        T read;
        try {
            read = codec.decode(bytes);
        } catch (WireFormatException refused) {
            assertThat(refused).hasMessageMatching("(?s)[A-Z]\\w+(\\.|:|\\[).*");
            return;
        }
        assertThat(codec.encode(read)).isEqualTo(bytes);
    }

    @Test
    void shouldKeepItsFormWhenTheLibraryChanges() {
        ExecutorMessage message = new ExecutorMessage.Report(List.of(new PartReport(
                new PartId("j-1", 2),
                300,
                PartState.ENDED,
                List.of(),
                List.of(new FailureRecord("plan", "java.io.IOException", "gone", List.of("at a.B.c(B.java:1)"))),
                true,
                Map.of("plan", 3, "a", 1),
                List.of("plan"),
                Optional.of("link to 'b' is down"))));

        byte[] bytes = RecordCodec.of(ExecutorMessage.class).encode(message);

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    }

    @Test
    void shouldGiveEqualBytesWhenMapsAreEqual() {
        Map<String, Integer> one = new LinkedHashMap<>();
        one.put("b", 2);
        one.put("a", 1);
        Map<String, Integer> other = new LinkedHashMap<>();
        other.put("a", 1);
        other.put("b", 2);

        assertThat(codec(Counts.class).encode(new Counts(one)))
                .isEqualTo(codec(Counts.class).encode(new Counts(other)));
    }

    @Test
    void shouldKeepTheOrderOfAConfigWhenItHasOne() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("z", 1L);
        inner.put("y", 2L);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("second", inner);
        values.put("first", true);

        byte[] bytes = codec(Values.class).encode(new Values(values));
        Values read = codec(Values.class).decode(bytes);

        assertThat(read.values().keySet()).containsExactly("second", "first");
        assertThat(((Map<?, ?>) read.values().get("second")).keySet().toString())
                .isEqualTo("[z, y]");
        assertThat(codec(Values.class).encode(read)).isEqualTo(bytes);
    }

    @Test
    void shouldRefuseWhenAConfigHasAKeyTwice() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("b", true);
        values.put("a", true);
        byte[] bytes = codec(Values.class).encode(new Values(values));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == 'a' ? (byte) 'b' : bytes[i];
        }

        assertThatThrownBy(() -> codec(Values.class).decode(bytes)).hasMessageContaining("the key 'b' twice");
    }

    @Test
    void shouldKeepNullsWhenAConfigHasThem() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("nothing", null);
        values.put("list", Collections.singletonList(null));

        Values read = codec(Values.class).decode(codec(Values.class).encode(new Values(values)));

        assertThat(read.values()).isEqualTo(values);
    }

    @Test
    void shouldKeepEveryPrimitiveWhenItIsExtreme() {
        for (Numbers numbers : List.of(
                new Numbers(
                        Byte.MIN_VALUE,
                        Short.MAX_VALUE,
                        '\uffff',
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        Float.NaN,
                        Double.NaN,
                        true),
                new Numbers((byte) 0, (short) 0, '\0', 0, Long.MIN_VALUE, -0f, Double.MIN_VALUE, false))) {
            assertThat(codec(Numbers.class).decode(codec(Numbers.class).encode(numbers)))
                    .isEqualTo(numbers);
        }
    }

    @Test
    void shouldNameTheTypeWhenARecordHasNoComponents() {
        assertThat(codec(Nothing.class).encode(new Nothing())).containsExactly(RecordCodec.VERSION, 0);
        assertThatThrownBy(() -> codec(Nothing.class).decode(new byte[] {RecordCodec.VERSION, 1}))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("Nothing");
    }

    @Test
    void shouldRefuseWhenAConfigHoldsAnObject() {
        assertThatThrownBy(() -> codec(Values.class).encode(new Values(Map.of("where", new Object()))))
                .isInstanceOf(WireFormatException.class)
                .hasMessageStartingWith("Values.values[where]: a value of class java.lang.Object cannot travel");
    }

    @Test
    void shouldNameTheComponentWhenItIsNull() {
        assertThatThrownBy(() -> codec(Text.class).encode(new Text(missing())))
                .isInstanceOf(WireFormatException.class)
                .hasMessage("Text.text: is null");
    }

    @SuppressWarnings("NullAway")
    private static String missing() {
        @Nullable String nothing = null;
        return nothing;
    }

    @Test
    void shouldRefuseWhenTextIsTooLong() {
        assertThatThrownBy(() -> codec(Text.class).encode(new Text("\u00e4".repeat(51))))
                .hasMessage("Text.text: text of 102 bytes, expected at most 100 bytes");
        assertThatCode(() -> codec(Text.class).encode(new Text("\u00e4".repeat(50))))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseWhenNestedTooDeep() {
        Chain chain = new Chain(Optional.empty(), List.of());
        for (int i = 0; i < 5; i++) {
            chain = new Chain(Optional.of(chain), List.of());
        }
        Chain deep = chain;

        assertThatThrownBy(() -> codec(Chain.class).encode(deep)).hasMessageContaining("nested deeper than 5");
        byte[] bytes = RecordCodec.of(Chain.class, MethodHandles.lookup(), Limits.MESSAGE)
                .encode(deep);
        assertThatThrownBy(() -> codec(Chain.class).decode(bytes))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("nested deeper than 5");
    }

    @Test
    void shouldRefuseWhenThereAreTooManyElementsOrBytes() {
        Map<String, Object> many = new LinkedHashMap<>();
        for (int i = 0; i < 11; i++) {
            many.put("k" + i, i);
        }
        assertThatThrownBy(() -> codec(Values.class).encode(new Values(many))).hasMessageContaining("11 elements");
        List<Object> large = new ArrayList<>(Collections.nCopies(10, "x".repeat(100)));
        assertThatThrownBy(() -> codec(Values.class).encode(new Values(Map.of("l", large))))
                .hasMessageContaining("larger than 1000 bytes");
        assertThatThrownBy(() -> codec(Values.class).decode(new byte[1001])).hasMessageContaining("1001 bytes");
    }

    @Test
    void shouldRefuseWhenTheVersionIsAnother() {
        byte[] bytes = codec(Text.class).encode(new Text("x"));
        bytes[0] = 9;

        assertThatThrownBy(() -> codec(Text.class).decode(bytes)).hasMessage("Text: format version 9, expected 1");
    }

    @Test
    void shouldSayWhatARecordRefusesWhenItDoes() {
        byte[] bytes = codec(Checked.class).encode(new Checked(1));
        bytes[1] = 0;

        assertThatThrownBy(() -> codec(Checked.class).decode(bytes))
                .isInstanceOf(WireFormatException.class)
                .hasMessage("Checked: Checked refuses this: must be positive, found 0");
    }

    @Test
    void shouldRefuseTheTypeWhenAComponentCannotBeWritten() {
        assertThatThrownBy(() -> codec(Unwritable.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Unwritable.thread: type java.lang.Thread cannot be written");
    }

    @Test
    void shouldNameWhatItKnowsWhenAKindIsUnknown() {
        byte[] bytes = RecordCodec.of(ClientRequest.class).encode(new ClientRequest.Stop(1, "j", 2));
        bytes[2] = 'X';

        assertThatThrownBy(() -> RecordCodec.of(ClientRequest.class).decode(bytes))
                .hasMessageContaining("unknown kind 'Xtop' of ClientRequest, expected one of [ActOnNode, AskArtifact");
    }
}
