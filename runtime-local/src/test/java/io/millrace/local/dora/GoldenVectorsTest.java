package io.millrace.local.dora;

import static io.millrace.local.dora.Wire.D;
import static io.millrace.local.dora.Wire.DAEMON_TIME;
import static io.millrace.local.dora.Wire.FRAMING;
import static io.millrace.local.dora.Wire.NODE_TIME;
import static io.millrace.local.dora.Wire.T;
import static io.millrace.local.dora.Wire.bytes;
import static io.millrace.local.dora.Wire.encoded;
import static io.millrace.local.dora.Wire.payload;
import static io.millrace.local.dora.Wire.reply;
import static io.millrace.local.dora.Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.Parameters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that the real codec of dora (postcard 1.1.3) has made of the same values: both directions of each. */
class GoldenVectorsTest {
    private static final Metadata WITH_FRAMING = Metadata.ofData(NODE_TIME, Parameters.EMPTY);
    private static final Metadata PLAIN = Metadata.ofNothing(NODE_TIME, Parameters.EMPTY);

    private static void assertRequest(Request request, String hex) {
        assertThat(encoded(request)).isEqualTo(bytes(hex));
        assertThat(request(bytes(hex))).isEqualTo(request);
    }

    private static void assertReply(Reply reply, String hex) {
        assertThat(encoded(reply)).isEqualTo(bytes(hex));
        assertThat(reply(bytes(hex))).isEqualTo(reply);
    }

    private static void assertEvents(String hex, NodeEvent... events) {
        List<TimedEvent> timed = List.of(events).stream()
                .map(event -> event instanceof NodeEvent.Input input
                        ? TimedEvent.of(input)
                        : new TimedEvent(event, DAEMON_TIME))
                .toList();
        assertReply(new Reply.NextEvents(timed), hex);
        FrameWriter frame = new FrameWriter();
        EventBatch batch = new EventBatch(frame);
        batch.begin();
        timed.forEach(event -> assertThat(batch.offer(event)).isTrue());
        batch.end();
        assertThat(Wire.body(frame)).isEqualTo(bytes(hex));
    }

    @Test
    void shouldMatchWhenANodeRegisters() {
        FrameWriter frame = new FrameWriter();
        Request.Register register = new Request.Register(Wire.DATAFLOW, "echo", "1.1.0", 2);

        RequestCodec.encode(register, NODE_TIME, frame);

        assertThat(frame.toByteArray())
                .isEqualTo(bytes("37 00 00 00 00 00 00 00 00 10 01 95 f2 c4 7a 10 7c 3e 8b 5d 2f 6a 1c 9e 4d 01"
                        + "04 65 63 68 6f 05 31 2e 31 2e 30 02" + T));
        assertRequest(
                register,
                "00 10 01 95 f2 c4 7a 10 7c 3e 8b 5d 2f 6a 1c 9e 4d 01 04 65 63 68 6f 05 31 2e 31 2e 30 02" + T);
    }

    @Test
    void shouldMatchWhenARequestHasNoFields() {
        assertRequest(new Request.Subscribe(), "01" + T);
        assertRequest(new Request.NextEvent(), "06" + T);
        assertRequest(new Request.OutputsDone(), "05" + T);
        assertRequest(new Request.EventStreamDropped(), "07" + T);
    }

    @Test
    void shouldMatchWhenOutputsAreClosed() {
        assertRequest(new Request.CloseOutputs(List.of("out")), "04 01 03 6f 75 74" + T);
        assertRequest(new Request.CloseOutputs(List.of()), "04 00" + T);
    }

    @Test
    void shouldMatchWhenADynamicNodeAsksForItsConfiguration() {
        assertRequest(new Request.Configuration("plot"), "08 04 70 6c 6f 74" + T);
    }

    @Test
    void shouldMatchWhenAMessageIsSent() {
        assertRequest(
                new Request.SendMessage("out", WITH_FRAMING, payload("de ad be ef")),
                "02 03 6f 75 74 02" + T + FRAMING + "01 00 04 de ad be ef" + T);
        assertRequest(new Request.SendMessage("out", PLAIN, null), "02 03 6f 75 74 02" + T + "00 00" + T);
        assertRequest(new Request.OutputSent("out", WITH_FRAMING), "03 03 6f 75 74 02" + T + FRAMING + T);
    }

    @Test
    void shouldTellTheTimeOfARequest() {
        RequestCodec codec = new RequestCodec();
        codec.decode(Wire.buffer("01" + T));
        assertThat(codec.ntp64()).isEqualTo(0x6abda28000000000L);
    }

    @Test
    void shouldMatchWhenARequestIsAnswered() {
        assertReply(Reply.Result.OK, "00 00");
        assertReply(
                new Reply.Result(Registration.REGISTER_FIRST),
                "00 01 20 6d 75 73 74 20 73 65 6e 64 20 72 65 67 69 73 74 65 72 20 6d 65 73 73 61 67 65 20 66 69 72 73 74");
        assertReply(new Reply.ExtensionValue(null), "03 00");
        assertReply(Reply.NextEvents.END, "01 00");
    }

    @Test
    void shouldMatchWhenATimerTicks() {
        assertEvents(
                "01 01 02 04 74 69 63 6b 02" + D + "00 00" + D,
                new NodeEvent.Input("tick", Metadata.ofNothing(DAEMON_TIME, Parameters.EMPTY), null));
    }

    @Test
    void shouldMatchWhenAnInputComes() {
        assertEvents(
                "01 01 02 02 69 6e 02" + T + FRAMING + "01 00 04 de ad be ef" + T,
                new NodeEvent.Input("in", WITH_FRAMING, payload("de ad be ef")));
    }

    @Test
    void shouldMatchWhenANodeIsToldOfAnEvent() {
        assertEvents("01 01 00" + D, new NodeEvent.Stop());
        assertEvents(
                "01 02 03 02 69 6e" + D + "06" + D, new NodeEvent.InputClosed("in"), new NodeEvent.AllInputsClosed());
        assertEvents("01 01 01 01 02 6f 70" + D, new NodeEvent.Reload("op"));
        assertEvents(
                "01 01 09 01 02 69 6e 12 65 78 69 74 65 64 20 77 69 74 68 20 63 6f 64 65 20 31 03 73 72 63" + D,
                new NodeEvent.NodeFailed(List.of("in"), "exited with code 1", "src"));
        assertEvents(
                "01 01 07 04 67 61 69 6e 03 30 2e 35" + D,
                new NodeEvent.ParamUpdate("gain", ByteBuffer.wrap("0.5".getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @CsvSource({
        "true, 00 01",
        "7, 01 0e",
        "-1, 01 01",
        "'\"rgb8\"', 02 04 72 67 62 38",
        "'[640, 480]', 03 02 80 0a c0 07",
        "0.5, 04 00 00 00 00 00 00 e0 3f",
        "'[1.0, 2.0]', 05 02 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40",
        "'[\"a\", \"b\"]', 06 02 01 61 01 62",
        "2026-10-01T00:00:00.500Z, 07 18 32 30 32 36 2d 31 30 2d 30 31 54 30 30 3a 30 30 3a 30 30 2e 35 30 30 5a"
    })
    void shouldMatchWhenAMessageHasAParameter(String value, String hex) {
        Metadata metadata = Metadata.ofNothing(NODE_TIME, Parameters.of("p", value(value)));
        assertRequest(new Request.OutputSent("out", metadata), "03 03 6f 75 74 02" + T + "01 01 70" + hex + T);
    }

    private static Object value(String text) {
        return switch (text) {
            case "true" -> true;
            case "7" -> 7L;
            case "-1" -> -1L;
            case "\"rgb8\"" -> "rgb8";
            case "[640, 480]" -> List.of(640L, 480L);
            case "0.5" -> 0.5;
            case "[1.0, 2.0]" -> List.of(1.0, 2.0);
            case "[\"a\", \"b\"]" -> List.of("a", "b");
            default -> Instant.parse(text);
        };
    }

    /** The names of parameters stand in their order, that of the framing among them. */
    @Test
    void shouldSortTheFramingAmongTheParameters() {
        Metadata metadata = Metadata.ofData(NODE_TIME, Parameters.of("A", true).with("a", false));
        assertRequest(
                new Request.OutputSent("out", metadata),
                "03 03 6f 75 74 02" + T + "03 01 41 00 01" + FRAMING.substring(3) + "01 61 00 00" + T);
    }

    /** dora's own vector. */
    @Test
    void shouldMatchWhenATimestampIsThatOfDorasTests() {
        ClockId clock = new ClockId(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
        String hex = "88 ef 99 ab c5 e8 8c 91 11 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10";
        Timestamp timestamp = new PostcardReader().wrap(Wire.buffer(hex)).timestamp();

        assertThat(timestamp).isEqualTo(new Timestamp(0x1122334455667788L, clock));
        assertRequest(
                new Request.OutputSent("out", Metadata.ofNothing(timestamp, Parameters.EMPTY)),
                "03 03 6f 75 74 02" + hex + "00" + T);
    }
}
