package io.millrace.remote.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a node's {@code config}: text, number, boolean, list or map of these, or null. Each has its byte, which stays. */
final class AnyForm implements Form {
    static final AnyForm ANY = new AnyForm();

    private static final byte NULL = 0;
    private static final byte BOOLEAN = 1;
    private static final byte INT = 2;
    private static final byte LONG = 3;
    private static final byte BIG = 4;
    private static final byte DOUBLE = 5;
    private static final byte TEXT = 6;
    private static final byte LIST = 7;
    private static final byte MAP = 8;

    private final MapForm maps = MapForm.inItsOrder(this);

    private AnyForm() {}

    @Override
    public void write(@Nullable Object value, WireWriter writer) {
        if (value == null) {
            writer.writeByte(NULL);
        } else if (value instanceof Boolean flag) {
            writer.writeByte(BOOLEAN);
            writer.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            writer.writeByte(value instanceof Integer ? INT : LONG);
            writer.writeLong(((Number) value).longValue());
        } else if (value instanceof BigInteger big) {
            writer.writeByte(BIG);
            writer.writeBytes(big.toByteArray());
        } else if (value instanceof Double number) {
            writer.writeByte(DOUBLE);
            ScalarForm.DOUBLE.write(number, writer);
        } else if (value instanceof String text) {
            writer.writeByte(TEXT);
            writer.writeText(text);
        } else if (value instanceof List<?> list) {
            writer.writeByte(LIST);
            writeList(list, writer);
        } else if (value instanceof Map<?, ?> map) {
            writer.writeByte(MAP);
            maps.write(map, writer);
        } else {
            throw new WireFormatException(
                    "a value of " + value.getClass()
                            + " cannot travel: expected text, a number (int, long, double, BigInteger), a boolean, a list or a map of these");
        }
    }

    @Override
    @SuppressWarnings("NullAway") // what is null in a config stays so, and a map of such values is only handed on
    public @Nullable Object read(WireReader reader) {
        byte kind = reader.readByte();
        return switch (kind) {
            case NULL -> null;
            case BOOLEAN -> reader.readBoolean();
            case INT -> (int) reader.readWithin(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> reader.readLong();
            case BIG -> big(reader.readBytes());
            case DOUBLE -> ScalarForm.DOUBLE.read(reader);
            case TEXT -> reader.readText();
            case LIST -> readList(reader);
            case MAP -> maps.read(reader);
            default -> throw new WireFormatException("a value of unknown kind " + kind);
        };
    }

    private static BigInteger big(byte[] bytes) {
        if (bytes.length == 0) {
            throw new WireFormatException("a number without digits");
        }
        BigInteger value = new BigInteger(bytes);
        if (value.bitLength() / 8 + 1 != bytes.length) {
            throw new WireFormatException("a number that is not in its shortest form");
        }
        return value;
    }

    private void writeList(List<?> list, WireWriter writer) {
        writer.enter();
        writer.writeCount(list.size());
        for (Object element : list) {
            write(element, writer);
        }
        writer.leave();
    }

    private List<@Nullable Object> readList(WireReader reader) {
        reader.enter();
        int count = reader.readCount();
        List<@Nullable Object> values = new ArrayList<>(Math.min(count, ListForm.FIRST_CAPACITY));
        for (int i = 0; i < count; i++) {
            values.add(read(reader));
        }
        reader.leave();
        return Collections.unmodifiableList(values);
    }
}
