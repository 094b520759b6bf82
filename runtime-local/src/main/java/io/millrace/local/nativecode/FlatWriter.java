package io.millrace.local.nativecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a flatbuffer from front to back: what a table refers to comes behind it. */
final class FlatWriter {
    private static final int FIRST_BYTES = 512;

    private ByteBuffer memory = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Begins with room for the offset of its root. */
    FlatWriter() {
        memory.putInt(0);
    }

    /** A table with its fields, all zero until they are put. */
    final class Table {
        private final int at;
        private final int[] places;

        private Table(int at, int[] places) {
            this.at = at;
            this.places = places;
        }

        int at() {
            return at;
        }

        Table putByte(int field, int value) {
            memory.put(places[field], (byte) value);
            return this;
        }

        Table putShort(int field, int value) {
            memory.putShort(places[field], (short) value);
            return this;
        }

        Table putInt(int field, int value) {
            memory.putInt(places[field], value);
            return this;
        }

        Table putLong(int field, long value) {
            memory.putLong(places[field], value);
            return this;
        }

        Table putOffset(int field, int target) {
            link(places[field], target);
            return this;
        }
    }

    /** @param sizes bytes of each field, 0 for one that is left out */
    Table table(int[] sizes) {
        int vtableBytes = 4 + 2 * sizes.length;
        align(8, vtableBytes);
        int vtable = memory.position();
        int at = vtable + vtableBytes;
        int[] places = new int[sizes.length];
        int end = 4;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > 0) {
                end = (end + sizes[i] - 1) / sizes[i] * sizes[i];
                places[i] = at + end;
                end += sizes[i];
            }
        }
        zeros(vtableBytes + end);
        memory.putShort(vtable, (short) vtableBytes).putShort(vtable + 2, (short) end);
        for (int i = 0; i < sizes.length; i++) {
            memory.putShort(vtable + 4 + 2 * i, (short) (sizes[i] == 0 ? 0 : places[i] - at));
        }
        memory.putInt(at, vtableBytes);
        return new Table(at, places);
    }

    /** Room for elements whose bytes follow the count: returns where the count is. */
    int vector(int count, int elementBytes) {
        align(Math.min(8, elementBytes), 4);
        int at = memory.position();
        zeros(4 + count * elementBytes);
        memory.putInt(at, count);
        return at;
    }

    int text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        align(4, 0);
        int at = memory.position();
        zeros(4 + bytes.length + 1);
        memory.putInt(at, bytes.length).put(at + 4, bytes);
        return at;
    }

    void putLong(int at, long value) {
        memory.putLong(at, value);
    }

    /** Has the offset at a place lead to another. */
    void link(int place, int target) {
        memory.putInt(place, target - place);
    }

    /** What was written, filled up to a multiple of 8. */
    ByteBuffer finish(int root) {
        link(0, root);
        align(8, 0);
        return memory.flip();
    }

    private void align(int to, int behind) {
        while ((memory.position() + behind) % to != 0) {
            zeros(1);
        }
    }

    private void zeros(int bytes) {
        if (memory.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * memory.capacity(), memory.position() + bytes))
                    .order(ByteOrder.LITTLE_ENDIAN);
            memory = larger.put(memory.flip());
        }
        memory.position(memory.position() + bytes);
    }
}
