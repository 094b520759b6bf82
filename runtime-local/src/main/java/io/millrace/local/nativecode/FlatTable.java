package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A table within a flatbuffer, read without trust: whatever leads outside of the memory is refused. */
record FlatTable(ByteBuffer memory, int at) {

    /** The root of the description that {@code memory} holds. */
    static FlatTable root(ByteBuffer memory) {
        return new FlatTable(memory, follow(memory, 0));
    }

    /** Where a field is, 0 if it is not there. */
    private int field(int index) {
        long vtable = (long) at - int32(memory, at);
        int entry = 4 + 2 * index;
        if (entry + 2 > uint16(memory, vtable)) {
            return 0;
        }
        int offset = uint16(memory, vtable + entry);
        return offset == 0 ? 0 : check(memory, (long) at + offset, 1);
    }

    boolean has(int index) {
        return field(index) != 0;
    }

    int getByte(int index) {
        int place = field(index);
        return place == 0 ? 0 : memory.get(place);
    }

    int getShort(int index, int missing) {
        int place = field(index);
        return place == 0 ? missing : uint16(memory, place);
    }

    int getInt(int index, int missing) {
        int place = field(index);
        return place == 0 ? missing : int32(memory, place);
    }

    long getLong(int index) {
        int place = field(index);
        return place == 0 ? 0 : memory.getLong(check(memory, place, 8));
    }

    String getText(int index) {
        int place = field(index);
        if (place == 0) {
            return "";
        }
        int vector = follow(memory, place);
        byte[] text = new byte[count(vector, 1)];
        memory.get(vector + 4, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    FlatTable getTable(int index) {
        int place = field(index);
        if (place == 0) {
            throw broken();
        }
        return new FlatTable(memory, follow(memory, place));
    }

    /** Elements of a vector; 0 if it is not there. */
    int count(int index, int elementBytes, String what) {
        int place = field(index);
        try {
            return place == 0 ? 0 : count(follow(memory, place), elementBytes);
        } catch (UnsupportedArrayException e) {
            throw new UnsupportedArrayException(e.getMessage() + ": its " + what, e);
        }
    }

    private int count(int vector, int elementBytes) {
        int count = int32(memory, vector);
        if (count < 0 || (long) count * elementBytes > (long) memory.limit() - vector - 4) {
            throw broken();
        }
        return count;
    }

    FlatTable tableAt(int index, int element) {
        return new FlatTable(memory, follow(memory, follow(memory, field(index)) + 4 + 4 * element));
    }

    /** A number in a vector of structs of two numbers each. */
    long pairAt(int index, int element, int half) {
        int first = follow(memory, field(index)) + 4;
        return memory.getLong(check(memory, first + 16L * element + 8L * half, 8));
    }

    private static int follow(ByteBuffer memory, int place) {
        return check(memory, (long) place + int32(memory, place), 4);
    }

    private static int int32(ByteBuffer memory, long place) {
        return memory.getInt(check(memory, place, 4));
    }

    private static int uint16(ByteBuffer memory, long place) {
        return memory.getShort(check(memory, place, 2)) & 0xFFFF;
    }

    private static int check(ByteBuffer memory, long place, int bytes) {
        if (place < 0 || place > (long) memory.limit() - bytes) {
            throw broken();
        }
        return (int) place;
    }

    static UnsupportedArrayException broken() {
        return new UnsupportedArrayException(
                "the payload is no Arrow IPC stream: it leads outside of itself, or ends early");
    }
}
