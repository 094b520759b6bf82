package io.millrace.local.json;

import static io.millrace.local.Payloads.damaged;
import static io.millrace.local.Payloads.exchange;
import static io.millrace.local.Payloads.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.codec.CodecException;
import io.millrace.codec.Codecs;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
    private static final int JSON = PayloadFormat.JSON.code();

    public record Reading(String sensor, double value, List<Integer> raw) {}

    /** Whose value is refused by its own constructor. */
    public record Positive(int number) {
        public Positive {
            if (number < 1) {
                throw new IllegalArgumentException("must be positive: " + number);
            }
        }
    }

    /** Ends nowhere. */
    public static final class Endless {
        public Endless getNext() {
            return this;
        }
    }

    private static final JsonCodec<Reading> READING = JsonCodec.of(Reading.class);
    private static final Reading SAMPLE = new Reading("depth \u20AC", 4.5, List.of(1, 2, 3));

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T parse(JsonCodec<T> codec, String json) {
        return exchange(raw(JSON, bytes(json)), codec::read);
    }

    private static void assertRefused(JsonCodec<?> codec, String json, String... parts) {
        assertThatThrownBy(() -> parse(codec, json))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void shouldReadWhatWasWrittenWhenItIsARecord() {
        assertThat(exchange(output -> READING.send(output, SAMPLE), READING::read))
                .isEqualTo(SAMPLE);
    }

    @Test
    void shouldWriteJsonThatEverybodyReads() {
        assertThat(exchange(output -> READING.send(output, SAMPLE), Message::text))
                .isEqualTo("{\"sensor\":\"depth \u20AC\",\"value\":4.5,\"raw\":[1,2,3]}");
        assertThat(exchange(output -> READING.send(output, SAMPLE), Message::format))
                .isEqualTo(PayloadFormat.JSON);
        assertThat(exchange(output -> READING.send(output, SAMPLE), JsonCodec.of(JsonNode.class)::read)
                        .get("raw")
                        .get(2)
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void shouldWriteIntoAClaimWhenItIsAsLongAsTheJson() {
        assertThat(exchange(
                        output -> {
                            var claim = output.claim(READING.length(SAMPLE));
                            READING.write(SAMPLE, claim);
                            claim.commit();
                        },
                        READING::read))
                .isEqualTo(SAMPLE);
    }

    @Test
    void shouldOfferWithParameters() {
        assertThat(exchange(
                        output -> assertThat(READING.offer(output, SAMPLE, Parameters.of("n", 5L)))
                                .isEqualTo(SendResult.ACCEPTED),
                        Message::parameters))
                .isEqualTo(Parameters.of("n", 5L));
    }

    @Test
    void shouldFollowTheMapperWhenOneIsGiven() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        JsonCodec<Reading> codec = JsonCodec.of(mapper, Reading.class, JsonLimits.DEFAULT);

        assertThat(parse(codec, "{\"Sensor\":\"a\",\"Value\":1,\"Raw\":[],\"Unknown\":{}}"))
                .isEqualTo(new Reading("a", 1, List.of()));
        assertThat(mapper.getFactory().streamReadConstraints().getMaxNestingDepth())
                .as("the mapper itself stays as it was")
                .isEqualTo(1000);
    }

    @Test
    void shouldSayWhereWhenTextIsNotWhatItShouldBe() {
        assertRefused(READING, "", "is not JSON of " + Reading.class.getName() + ": at byte 0, ");
        assertRefused(READING, "{\"sensor\":\"a\",]", "of 15 bytes", "at byte 14, Unexpected character (']'");
        assertRefused(READING, "{\"sensor\":\"a\",\"value\":true}", "at byte 22, ", "double");
        assertRefused(READING, "{\"sensor\":\"a\",\"colour\":1}", "\"colour\"");
        assertRefused(READING, "{\"sensor\":\"a\"} x", "at byte 15, ");
        assertRefused(READING, "{\"sensor\":\"a\"}{}", "railing token");
        assertRefused(READING, "null", "at byte 0, expected a value, found null");
        assertRefused(JsonCodec.of(Positive.class), "{\"number\":0}", "must be positive: 0");
    }

    @Test
    void shouldNameBothWhenAnotherCodecHasWritten() {
        assertThatThrownBy(() -> exchange(output -> Codecs.LONG.send(output, 5), READING::read))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("written as a long (codec 261)", "read as JSON of " + Reading.class.getName());
    }

    @Test
    void shouldReadTextWhenToldThatItIsJson() {
        assertThat(exchange(output -> output.send("[1]"), JsonCodec.of(int[].class)::decode))
                .containsExactly(1);
    }

    @Test
    void shouldRefuseWhenAPayloadIsLongerOrDeeperThanItsLimit() {
        JsonCodec<JsonNode> codec = JsonCodec.of(JsonNode.class, new JsonLimits(200, 10));

        assertThat(parse(codec, "[".repeat(10) + "]".repeat(10))).hasSize(1);
        assertRefused(codec, "[".repeat(11) + "]".repeat(11), "at byte ", "depth (11)");
        assertRefused(codec, "[".repeat(99), "depth (11)");
        assertThat(parse(codec, " ".repeat(199) + "1").asInt()).isEqualTo(1);
        assertRefused(codec, " ".repeat(200) + "1", "at byte 200, expected the end: the limit is 200 bytes, found 201");
        assertRefused(codec, "1".repeat(199) + "e", "at byte ");
    }

    @Test
    void shouldSendNothingWhenAValueIsNoJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> exchange(output -> JsonCodec.of(Endless.class).send(output, new Endless()), m -> m))
                .withMessageStartingWith("a " + Endless.class.getTypeName() + " cannot be written as JSON: ");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> JsonCodec.of(String.class, new JsonLimits(10, 1)).length("0123456789"))
                .withMessage("a java.lang.String of 12 bytes of JSON is beyond the limit of 10");
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonLimits(0, 1));
    }

    @Test
    void shouldReadOrRefuseWhenBytesAreDamaged() {
        Random random = new Random(7);
        JsonCodec<Map<?, ?>> codec = mapCodec();
        byte[] right = bytes("{\"a\":[1,2.5e3,true,null,{\"b\":\"\\u00e4\u20AC\"}],\"c\":\"text\"}");
        int read = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] payload = damaged(right, random);
            try {
                exchange(raw(JSON, payload), codec::read);
                read++;
            } catch (CodecException e) {
                assertThat(e).hasMessageContaining("at byte ");
            }
        }
        assertThat(read).isPositive();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static JsonCodec<Map<?, ?>> mapCodec() {
        return (JsonCodec) JsonCodec.of(Map.class);
    }
}
