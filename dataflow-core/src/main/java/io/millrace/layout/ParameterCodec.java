package io.millrace.layout;

import io.millrace.node.Parameters;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The parameter block: a count (u16), then for each value its type (u8), its name's length (u16) and UTF-8, and the value; little-endian. Allocates.
 *
 * <pre>
 *   0 boolean  u8                       4 double          f64
 *   1 long     i64                      5 doubles         u32 count, f64 each
 *   2 text     u32 length, UTF-8        6 texts           u32 count, text each
 *   3 longs    u32 count, i64 each      7 time            i64 seconds since 1970, u32 nanoseconds
 * </pre>
 *
 * The numbers of the types are those of dora's parameters. Decoding trusts nothing: every length is checked against what is left of the block. No parameters
 * take no bytes, not even those of the count.
 */
public final class ParameterCodec {
    /** The largest block. */
    public static final int MAX_BLOCK_BYTES = 64 * 1024;

    private static final byte[] NOTHING = {};

    private ParameterCodec() {}

    /** @throws IllegalArgumentException if the block would be larger than {@link #MAX_BLOCK_BYTES} */
    public static byte[] encode(Parameters parameters) {
        if (parameters.isEmpty()) {
            return NOTHING;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(Short.reverseBytes((short) parameters.asMap().size()));
            for (Map.Entry<String, Object> entry : parameters.asMap().entrySet()) {
                encode(out, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.size() > MAX_BLOCK_BYTES) {
            throw new IllegalArgumentException("parameters take " + bytes.size() + " bytes, more than the "
                    + MAX_BLOCK_BYTES + " that a message may carry");
        }
        return bytes.toByteArray();
    }

    private static void encode(DataOutputStream out, String name, Object value) throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        out.writeByte(typeOf(value));
        out.writeShort(Short.reverseBytes((short) nameBytes.length));
        out.write(nameBytes);
        if (value instanceof List<?> list) {
            out.writeInt(Integer.reverseBytes(list.size()));
            for (Object element : list) {
                encodeValue(out, element);
            }
        } else {
            encodeValue(out, value);
        }
    }

    private static int typeOf(Object value) {
        if (value instanceof List<?> list) {
            Object first = list.isEmpty() ? 0L : list.get(0);
            return first instanceof Long ? 3 : first instanceof Double ? 5 : 6;
        }
        return value instanceof Boolean
                ? 0
                : value instanceof Long ? 1 : value instanceof String ? 2 : value instanceof Double ? 4 : 7;
    }

    private static void encodeValue(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Boolean flag) {
            out.writeByte(flag ? 1 : 0);
        } else if (value instanceof Long number) {
            out.writeLong(Long.reverseBytes(number));
        } else if (value instanceof Double number) {
            out.writeLong(Long.reverseBytes(Double.doubleToRawLongBits(number)));
        } else if (value instanceof Instant time) {
            out.writeLong(Long.reverseBytes(time.getEpochSecond()));
            out.writeInt(Integer.reverseBytes(time.getNano()));
        } else {
            byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
            out.writeInt(Integer.reverseBytes(text.length));
            out.write(text);
        }
    }

    /** @throws IllegalArgumentException if the block is not well-formed */
    public static Parameters decode(ByteBuffer buffer, int offset, int length) {
        if (length == 0) {
            return Parameters.EMPTY;
        }
        ByteBuffer block = buffer.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            Parameters parameters = Parameters.of(decodeValues(block));
            if (block.hasRemaining()) {
                throw malformed(block.remaining() + " bytes are left over");
            }
            return parameters;
        } catch (BufferUnderflowException e) {
            throw malformed("it ends too early");
        } catch (DateTimeException | ArithmeticException e) {
            throw malformed("a time is out of range");
        }
    }

    private static Map<String, Object> decodeValues(ByteBuffer block) {
        Map<String, Object> values = new HashMap<>();
        for (int left = block.getShort() & 0xFFFF; left > 0; left--) {
            int type = block.get();
            String name = text(block, block.getShort() & 0xFFFF);
            if (values.put(name, decodeValue(block, type)) != null) {
                throw malformed("parameter '" + name + "' stands there twice");
            }
        }
        return values;
    }

    private static Object decodeValue(ByteBuffer block, int type) {
        return switch (type) {
            case 0 -> block.get() != 0;
            case 1 -> block.getLong();
            case 2 -> text(block, block.getInt());
            case 3 -> list(block, Long.BYTES, block::getLong);
            case 4 -> block.getDouble();
            case 5 -> list(block, Double.BYTES, block::getDouble);
            case 6 -> list(block, Integer.BYTES, () -> text(block, block.getInt()));
            case 7 -> Instant.ofEpochSecond(block.getLong(), block.getInt() & 0xFFFF_FFFFL);
            default -> throw malformed("there is no type " + type);
        };
    }

    private static <T> List<T> list(ByteBuffer block, int elementBytes, Supplier<T> element) {
        int count = block.getInt();
        if (count < 0 || (long) count * elementBytes > block.remaining()) {
            throw malformed("a list of " + Integer.toUnsignedString(count) + " elements does not fit");
        }
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return list;
    }

    private static String text(ByteBuffer block, int length) {
        if (length < 0 || length > block.remaining()) {
            throw malformed("a text of " + Integer.toUnsignedString(length) + " bytes does not fit");
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException("malformed parameter block: " + what);
    }
}
