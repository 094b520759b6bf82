package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads what a {@link Packet} has written, and believes no length. Used by one thread, for one message after the other. */
final class PacketReader {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;

    /** From the position on. */
    PacketReader wrap(ByteBuffer packet) {
        bytes = packet.order(ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    int remaining() {
        return bytes.remaining();
    }

    int u8() {
        return need(1).get() & 0xFF;
    }

    boolean flag() {
        return u8() != 0;
    }

    int u16() {
        return need(Short.BYTES).getShort() & 0xFFFF;
    }

    int i32() {
        return need(Integer.BYTES).getInt();
    }

    long i64() {
        return need(Long.BYTES).getLong();
    }

    String text() {
        return new String(block(), StandardCharsets.UTF_8);
    }

    byte[] block() {
        byte[] block = new byte[length()];
        bytes.get(block);
        return block;
    }

    /** Length and bytes, not copied: valid as long as the message. */
    ByteBuffer slice() {
        int length = length();
        ByteBuffer slice = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        return slice;
    }

    <T> List<T> list(Function<PacketReader, T> element) {
        int count = count();
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.apply(this));
        }
        return list;
    }

    List<String> texts() {
        return list(PacketReader::text);
    }

    Map<String, String> textMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int left = count(); left > 0; left--) {
            map.put(text(), text());
        }
        return map;
    }

    /** Of elements, each of one byte or more. */
    int count() {
        return length();
    }

    private int length() {
        int length = i32();
        if (length < 0 || length > bytes.remaining()) {
            throw new ProtocolException("expected at most " + bytes.remaining() + " more bytes, found a length of "
                    + Integer.toUnsignedString(length));
        }
        return length;
    }

    private ByteBuffer need(int count) {
        if (bytes.remaining() < count) {
            throw new ProtocolException("expected " + count + " more bytes, found " + bytes.remaining());
        }
        return bytes;
    }
}
