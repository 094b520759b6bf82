package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Greetings as bytes.
 *
 * <pre>
 *  0               8         10     11        13
 *  +---------------+---------+------+---------+------
 *  | "MILLRACE"    | version | kind | length  | body
 *  +---------------+---------+------+---------+------
 *  body of a hello:  purpose (1)  role (1)  heartbeat interval in ms (4)  cluster, name, instance (each 1 + bytes)
 *  body of a refusal: text in UTF-8
 *  body of a confirmation: none
 * </pre>
 *
 * <p>Numbers are big-endian. The head and the body of a refusal are the same in all versions, so that different versions can tell each other that they are.
 */
final class GreetingCodec {
    static final int VERSION = 2;

    private static final byte[] MAGIC = "MILLRACE".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = MAGIC.length + 2 + 1 + 2;
    private static final int KIND_HELLO = 0;
    private static final int KIND_CONFIRMED = 1;
    private static final int KIND_REFUSED = 2;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int LONGEST_REASON = 400;

    private GreetingCodec() {}

    static ByteBuf encode(ByteBufAllocator allocator, Greeting greeting) {
        ByteBuf out = allocator.buffer(HEAD_BYTES + 128);
        out.writeBytes(MAGIC).writeShort(VERSION);
        if (greeting instanceof Greeting.Hello hello) {
            out.writeByte(KIND_HELLO).writeShort(0);
            out.writeByte(hello.purpose().code());
            out.writeByte(hello.identity().role().code());
            out.writeInt(hello.heartbeatIntervalMs());
            writeName(out, hello.identity().cluster());
            writeName(out, hello.identity().name());
            writeName(out, hello.identity().instance());
        } else if (greeting instanceof Greeting.Refused refused) {
            String reason = refused.reason();
            out.writeByte(KIND_REFUSED).writeShort(0);
            out.writeCharSequence(
                    reason.substring(0, Math.min(reason.length(), LONGEST_REASON)), StandardCharsets.UTF_8);
        } else {
            out.writeByte(KIND_CONFIRMED).writeShort(0);
        }
        out.setShort(HEAD_BYTES - 2, out.readableBytes() - HEAD_BYTES);
        return out;
    }

    private static void writeName(ByteBuf out, String name) {
        out.writeByte(name.length());
        out.writeCharSequence(name, StandardCharsets.US_ASCII);
    }

    /**
     * Takes the next greeting from the bytes that have come so far.
     *
     * @return null if it is not there as a whole yet; then nothing has been taken
     * @throws Refusal if it will never be one; as soon as that is clear
     */
    static @Nullable Greeting decode(ByteBuf in, int bodyBytesAtMost) {
        requireMagic(in);
        if (in.readableBytes() < HEAD_BYTES) {
            return null;
        }
        int head = in.readerIndex() + MAGIC.length;
        int version = in.getUnsignedShort(head);
        int kind = in.getUnsignedByte(head + 2);
        int length = in.getUnsignedShort(head + 3);
        if (version != VERSION && kind != KIND_REFUSED) {
            throw new Refusal("it speaks version " + version + " of the protocol, this end version " + VERSION
                    + ": use the same release of Millrace on both");
        }
        if (length > bodyBytesAtMost) {
            throw new Refusal("its hello has " + length + " bytes: expected at most " + bodyBytesAtMost);
        }
        if (in.readableBytes() < HEAD_BYTES + length) {
            return null;
        }
        in.skipBytes(HEAD_BYTES);
        return body(kind, in.readSlice(length));
    }

    private static void requireMagic(ByteBuf in) {
        int known = Math.min(in.readableBytes(), MAGIC.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != MAGIC[i]) {
                throw Refusal.ofStranger(stranger(in));
            }
        }
    }

    private static String stranger(ByteBuf in) {
        if (in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE) {
            return "it speaks TLS, and this end is in the clear: use the same security on both";
        }
        String start = in.toString(in.readerIndex(), Math.min(in.readableBytes(), 5), StandardCharsets.US_ASCII);
        return start.matches("(?s)(GET|HEAD|PUT|POST|OPTIO|DELET|PRI|HTTP).*")
                ? "it speaks HTTP, not the protocol of Millrace"
                : "it does not speak the protocol of Millrace";
    }

    private static Greeting body(int kind, ByteBuf body) {
        return switch (kind) {
            case KIND_HELLO -> hello(body);
            case KIND_CONFIRMED -> new Greeting.Confirmed();
            case KIND_REFUSED -> new Greeting.Refused(Words.line(body.toString(StandardCharsets.UTF_8)));
            default -> throw new Refusal("its greeting is of kind " + kind + ", which this end does not know");
        };
    }

    private static Greeting hello(ByteBuf body) {
        try {
            Purpose purpose = Purpose.of(body.readUnsignedByte());
            Role role = Role.of(body.readUnsignedByte());
            int heartbeatIntervalMs = body.readInt();
            Identity identity = new Identity(readName(body), role, readName(body), readName(body));
            if (body.isReadable() || heartbeatIntervalMs < 1) {
                throw new Refusal("its hello is malformed");
            }
            return new Greeting.Hello(purpose, identity, heartbeatIntervalMs);
        } catch (IndexOutOfBoundsException e) {
            throw new Refusal("its hello is malformed: it is cut short");
        } catch (IllegalArgumentException e) {
            throw new Refusal("its hello is malformed: " + e.getMessage());
        }
    }

    private static String readName(ByteBuf body) {
        return body.readCharSequence(body.readUnsignedByte(), StandardCharsets.US_ASCII)
                .toString();
    }
}
