package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/** The constants of the golden vectors, and bytes as hexadecimal text. */
final class Wire {
    static final UUID DATAFLOW = UUID.fromString("0195f2c4-7a10-7c3e-8b5d-2f6a1c9e4d01");
    static final ClockId NODE_CLOCK = new ClockId(0x0011223344556677L, 0x8899aabbccddeeffL);
    static final ClockId DAEMON_CLOCK = new ClockId(0xa0a1a2a3a4a5a6a7L, 0xa8a9aaabacadaeafL);

    /** 2026-10-01T00:00:00Z, by the node's clock. */
    static final Timestamp NODE_TIME = new Timestamp(0x6abda28000000000L, NODE_CLOCK);
    /** Half a second later, by the daemon's. */
    static final Timestamp DAEMON_TIME = new Timestamp(0x6abda28080000000L, DAEMON_CLOCK);

    static final String T = "80 80 80 80 80 d0 e8 de 6a 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff";
    static final String D = "80 80 80 80 88 d0 e8 de 6a a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af";
    static final String FRAMING = "01 08 5f 66 72 61 6d 69 6e 67 02 09 61 72 72 6f 77 2d 69 70 63";

    private static final HexFormat HEX = HexFormat.of();

    private Wire() {}

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }

    static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(bytes(hex));
    }

    static Payload payload(String hex) {
        return Payload.of(buffer(hex));
    }

    /** The body of a frame, after its length was checked against the header. */
    static byte[] body(FrameWriter frame) {
        byte[] bytes = frame.toByteArray();
        long length =
                ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
        if (length != bytes.length - 8 || frame.frameBytes() != bytes.length) {
            throw new AssertionError("a header of " + length + " before " + (bytes.length - 8) + " bytes");
        }
        return Arrays.copyOfRange(bytes, 8, bytes.length);
    }

    static byte[] encoded(Request request) {
        FrameWriter frame = new FrameWriter();
        RequestCodec.encode(request, NODE_TIME, frame);
        return body(frame);
    }

    static byte[] encoded(Reply reply) {
        FrameWriter frame = new FrameWriter();
        ReplyCodec.encode(reply, frame);
        return body(frame);
    }

    static Request request(byte[] body) {
        return new RequestCodec().decode(ByteBuffer.wrap(body));
    }

    static Reply reply(byte[] body) {
        return new ReplyCodec().decode(ByteBuffer.wrap(body));
    }
}
