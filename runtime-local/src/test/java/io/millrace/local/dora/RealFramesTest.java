package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.Parameters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Frames of a node in Python with dora-rs 1.1.0 from PyPI, as interop/first-frames has shown them. */
class RealFramesTest {
    private static final String REGISTER =
            "0010d7e51fa0d99442dc82b24739784bac0f046563686f05312e312e3002e0a0fc90f6bb9b816b3720ac786baca7e40f6397"
                    + "78f961bd03";

    /** The plain bytes {@code hello, dora} that it was sent, sent back with the metadata they came with. */
    private static final String ECHO =
            "02036f757402e0a485c8f7bb9b816b3720ac786baca7e40f639778f961bd0303085f6672616d696e6702096172726f772d69"
                    + "706306616e7377657201540974696d657374616d70071e323032362d31312d32325430343a32313a35312e31383936383339"
                    + "31345a0100c803ffffffff780000001000000000000a000c000a00090004000a000000100000000001040008000800000004"
                    + "00080000000400000001000000140000001000160010000e000f0004000000080010000000180000001c0000000000010218"
                    + "0000000000060008000400060000000800000000000000040000006461746100000000ffffffffb8000000100000000c001a"
                    + "0018001700040008000c000000200000008000000000000000000000000000000304000a0018000c00080004000a0000002c"
                    + "000000100000000b0000000000000000000000010000000b0000000000000000000000000000000000000002000000000000"
                    + "0000000000020000000000000040000000000000000b00000000000000000000000000000000000000000000000000000000"
                    + "000000000000000000000000000000000000000000000000000000ffff000000000000000000000000000000000000000000"
                    + "000000000000000000000000000000000000000000000000000000000000000000000000000000000068656c6c6f2c20646f"
                    + "7261000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "0000000000ffffffff00000000c0db85c8f7bb9b816b3720ac786baca7e40f639778f961bd03";

    /** {@code b"raw bytes"}. */
    private static final String RAW =
            "02036f757402c0dde0c8f7bb9b816b3720ac786baca7e40f639778f961bd0301085f6672616d696e6702096172726f772d69"
                    + "70630100c803ffffffff780000001000000000000a000c000a00090004000a00000010000000000104000800080000000400"
                    + "080000000400000001000000140000001000160010000e000f0004000000080010000000180000001c000000000001021800"
                    + "00000000060008000400060000000800000000000000040000006461746100000000ffffffffb8000000100000000c001a00"
                    + "18001700040008000c000000200000008000000000000000000000000000000304000a0018000c00080004000a0000002c00"
                    + "0000100000000900000000000000000000000100000009000000000000000000000000000000000000000200000000000000"
                    + "0000000002000000000000004000000000000000090000000000000000000000000000000000000000000000000000000000"
                    + "0000000000000000000000000000000000000000000000000000ffff00000000000000000000000000000000000000000000"
                    + "0000000000000000000000000000000000000000000000000000000000000000000000000000000072617720627974657300"
                    + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "00000000ffffffff00000000b0e7e0c8f7bb9b816b3720ac786baca7e40f639778f961bd03";

    /** The numbers 1, 2 and 3 with parameters. */
    private static final String NUMBERS =
            "02036f757402b0c4e3caf7bb9b816b3720ac786baca7e40f639778f961bd0304085f6672616d696e6702096172726f772d69"
                    + "706301620001016604000000000000e03f0169010101008804ffffffffb80000001000000000000a000c000a00090004000a"
                    + "00000010000000000104000800080000000400080000000400000001000000140000001000140010000e000f000400000008"
                    + "00100000001800000020000000000001021c00000008000c0004000b00080000004000000000000001000000000400000064"
                    + "6174610000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "0000000000000000000000000000000000ffffffffb8000000100000000c001a0018001700040008000c0000002000000080"
                    + "00000000000000000000000000000304000a0018000c00080004000a0000002c000000100000000300000000000000000000"
                    + "0001000000030000000000000000000000000000000000000002000000000000000000000001000000000000004000000000"
                    + "0000001800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "000000000000000000ff00000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "0000000000000000000000000000000000000000000000010000000000000002000000000000000300000000000000000000"
                    + "00000000000000000000000000000000000000000000000000000000000000000000000000ffffffff0000000080dde3caf7"
                    + "bb9b816b3720ac786baca7e40f639778f961bd03";

    /** A list without elements, which has no type. */
    private static final String NOTHING =
            "02036f757402a0c397e4f7bb9b816b3720ac786baca7e40f639778f961bd0301085f6672616d696e6702096172726f772d69"
                    + "706301008802ffffffff780000001000000000000a000c000a00090004000a00000010000000000104000800080000000400"
                    + "080000000400000001000000140000001000140010000e000f0004000000080010000000180000000c000000000001011000"
                    + "00000000000004000400040000000400000064617461000000000000000000000000ffffffff780000001000000000000a00"
                    + "0e000c000b0004000a000000140000000000000304000a000c000000080004000a0000002000000004000000010000000000"
                    + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "000000000000000000000000ffffffff00000000c0c797e4f7bb9b816b3720ac786baca7e40f639778f961bd03";

    private static Request.SendMessage message(String hex) {
        Request.SendMessage message = (Request.SendMessage) Wire.request(Wire.bytes(hex));
        assertThat(message.outputId()).isEqualTo("out");
        assertThat(message.metadata().framing()).isEqualTo(Metadata.ARROW_IPC);
        return message;
    }

    private static String plainText(Request.SendMessage message) {
        ByteBuffer stream = message.payload().whole();
        long found = ArrowBytes.unwrap(stream);
        assertThat(found).isNotEqualTo(ArrowBytes.NOT_PLAIN);
        ByteBuffer bytes = stream.slice(ArrowBytes.offset(found), ArrowBytes.length(found));
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    void shouldAcceptTheRealNode() {
        Request.Register register = (Request.Register) Wire.request(Wire.bytes(REGISTER));
        assertThat(register.nodeId()).isEqualTo("echo");
        assertThat(register.doraVersion()).isEqualTo("1.1.0");
        assertThat(register.metadataVersion()).isEqualTo(2);
        assertThat(Registration.refusal(register)).isEmpty();
    }

    @Test
    void shouldFindTheBytesWhenTheRealNodeSendsSome() {
        assertThat(plainText(message(RAW))).isEqualTo("raw bytes");
        assertThat(message(RAW).metadata().parameters()).isEqualTo(Parameters.EMPTY);
        Request.SendMessage echo = message(ECHO);
        assertThat(plainText(echo)).isEqualTo("hello, dora");
        Instant time = Instant.parse("2026-11-22T04:21:51.189683914Z");
        assertThat(echo.metadata().parameters().asMap()).isEqualTo(Map.of("answer", 42L, "timestamp", time));
    }

    @Test
    void shouldLeaveTheStreamAsItIsWhenItHoldsSomethingElse() {
        for (String hex : List.of(NUMBERS, NOTHING)) {
            assertThat(ArrowBytes.unwrap(message(hex).payload().whole())).isEqualTo(ArrowBytes.NOT_PLAIN);
        }
        assertThat(message(NUMBERS).metadata().parameters().asMap()).isEqualTo(Map.of("b", true, "i", -1L, "f", 0.5));
    }

    /** Byte for byte, so that nothing in it was passed over. */
    @Test
    void shouldWriteTheSameBytesWhenARealFrameIsWrittenAgain() {
        for (String hex : List.of(ECHO, RAW, NUMBERS, NOTHING)) {
            byte[] body = Wire.bytes(hex);
            RequestCodec codec = new RequestCodec();
            Request request = codec.decode(ByteBuffer.wrap(body));
            ByteBuffer tail = ByteBuffer.wrap(body, body.length - 25, 25);
            Timestamp sent = new PostcardReader().wrap(tail).timestamp();
            FrameWriter frame = new FrameWriter();
            RequestCodec.encode(request, sent, frame);
            assertThat(Wire.body(frame)).isEqualTo(body);
        }
    }
}
