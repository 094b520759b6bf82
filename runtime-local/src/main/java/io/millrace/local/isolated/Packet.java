package io.millrace.local.isolated;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A message of ours on its way out: little-endian, in memory that grows and is used again. Used by one thread at a time. */
final class Packet {
    private static final int INITIAL_BYTES = 4096;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(INITIAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    Packet clear() {
        bytes.clear();
        return this;
    }

    /** What was put; valid until the next {@link #clear}. */
    ByteBuffer view() {
        return bytes.slice(0, bytes.position());
    }

    Packet put(int value) {
        room(1).put((byte) value);
        return this;
    }

    Packet putFlag(boolean value) {
        return put(value ? 1 : 0);
    }

    Packet putShort(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    Packet putInt(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    Packet putLong(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    Packet putText(String text) {
        return putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    Packet putBytes(byte[] block) {
        putInt(block.length);
        room(block.length).put(block);
        return this;
    }

    /** Without a length in front. */
    Packet putRaw(byte[] block) {
        room(block.length).put(block);
        return this;
    }

    /** Length and bytes of a part of {@code source}, whose position stays. */
    Packet putBytes(ByteBuffer source, int from, int length) {
        putInt(length);
        int at = reserve(length);
        bytes.put(at, source, from, length);
        return this;
    }

    /** Makes room for so many bytes, to be filled through {@link #memory}; returns where. */
    int reserve(int length) {
        int at = room(length).position();
        bytes.position(at + length);
        return at;
    }

    ByteBuffer memory() {
        return bytes;
    }

    <T> Packet putList(List<T> list, BiConsumer<Packet, T> element) {
        putInt(list.size());
        list.forEach(each -> element.accept(this, each));
        return this;
    }

    Packet putTexts(List<String> texts) {
        return putList(texts, Packet::putText);
    }

    Packet putTexts(Map<String, String> texts) {
        putInt(texts.size());
        texts.forEach((name, value) -> putText(name).putText(value));
        return this;
    }

    private ByteBuffer room(int length) {
        if (bytes.remaining() < length) {
            int needed = Math.addExact(bytes.position(), length);
            int capacity = (int) Math.min(Integer.MAX_VALUE, Math.max(needed, 2L * bytes.capacity()));
            bytes = ByteBuffer.allocateDirect(capacity)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes.flip());
        }
        return bytes;
    }
}
