package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of a {@code config}: texts, booleans, whole and decimal numbers, lists and maps of these. Stateless. */
final class Values {
    private static final int MAX_DEPTH = 100;

    private Values() {}

    static void put(Packet out, Map<String, Object> config) {
        putValue(out, config);
    }

    private static void putValue(Packet out, Object value) {
        if (value instanceof String text) {
            out.put('s').putText(text);
        } else if (value instanceof Boolean flag) {
            out.put('b').putFlag(flag);
        } else if (value instanceof Integer number) {
            out.put('i').putInt(number);
        } else if (value instanceof Long number) {
            out.put('l').putLong(number);
        } else if (value instanceof Double number) {
            out.put('d').putLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof List<?> list) {
            out.put('a').putInt(list.size());
            list.forEach(element -> putValue(out, element));
        } else if (value instanceof Map<?, ?> map) {
            out.put('m').putInt(map.size());
            map.forEach((key, element) -> putValue(out.putText(String.valueOf(key)), element));
        } else {
            throw new IllegalArgumentException(
                    "a config value of " + value.getClass().getName()
                            + " cannot be handed to another process: expected a text, boolean, number, list or map");
        }
    }

    static Map<String, Object> read(PacketReader in) {
        if (in.u8() != 'm') {
            throw new ProtocolException("expected a mapping as config");
        }
        return map(in, 0);
    }

    private static Map<String, Object> map(PacketReader in, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int left = in.count(); left > 0; left--) {
            map.put(in.text(), value(in, depth + 1));
        }
        return map;
    }

    private static Object value(PacketReader in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ProtocolException("expected a config at most " + MAX_DEPTH + " levels deep");
        }
        int type = in.u8();
        return switch (type) {
            case 's' -> in.text();
            case 'b' -> in.flag();
            case 'i' -> in.i32();
            case 'l' -> in.i64();
            case 'd' -> Double.longBitsToDouble(in.i64());
            case 'm' -> map(in, depth);
            case 'a' -> {
                List<Object> list = new ArrayList<>();
                for (int left = in.count(); left > 0; left--) {
                    list.add(value(in, depth + 1));
                }
                yield list;
            }
            default -> throw new ProtocolException("expected the type of a config value, found " + type);
        };
    }
}
