package io.millrace.local.dora;

import io.millrace.layout.ParameterCodec;
import io.millrace.node.Parameters;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Metadata on the wire: version, timestamp, parameters. What one of our messages could not carry on is refused here, before memory is taken for it.
 *
 * <p>A list without elements has no type in a message of ours, and goes out as one of integers. Names that dora keeps for itself are not sent on from parameters.
 */
final class MetadataCodec {
    private static final int BOOL = 0;
    private static final int INTEGER = 1;
    private static final int TEXT = 2;
    private static final int INTEGERS = 3;
    private static final int FLOAT = 4;
    private static final int FLOATS = 5;
    private static final int TEXTS = 6;
    private static final int TIME = 7;

    // What chrono's dates can be; a node could not read another, and its connection would be lost.
    private static final int FIRST_YEAR = -262_142;
    private static final int LAST_YEAR = 262_141;

    private static final int SMALLEST_PARAMETER_BYTES = 3;

    private MetadataCodec() {}

    static Metadata decode(PostcardReader in) {
        int version = in.varint("the version of metadata", 0xFFFF);
        if (version != Metadata.VERSION) {
            throw in.refused("expected metadata of version " + Metadata.VERSION + ", found " + version, 1);
        }
        Timestamp timestamp = in.timestamp();
        int count = in.count("parameters", SMALLEST_PARAMETER_BYTES, Parameters.MAX_COUNT + 1);
        return new ParametersDecoding(in).decode(timestamp, count);
    }

    /** Reads the parameters of one message, within what one of our messages may carry. */
    private static final class ParametersDecoding {
        private final PostcardReader in;
        private @Nullable Map<String, Object> values;
        private @Nullable String framing;
        private int room = ParameterCodec.MAX_BLOCK_BYTES - Short.BYTES;

        ParametersDecoding(PostcardReader in) {
            this.in = in;
        }

        Metadata decode(Timestamp timestamp, int count) {
            for (int i = 0; i < count; i++) {
                int before = in.remaining();
                String name = in.text("the name of a parameter", Parameters.MAX_NAME_BYTES);
                if (name.equals(Metadata.FRAMING_NAME)) {
                    framing = framing();
                } else {
                    take(3 + before - in.remaining(), name);
                    put(name);
                }
            }
            return new Metadata(timestamp, framing, values == null ? Parameters.EMPTY : parameters(values));
        }

        private String framing() {
            int type = in.varint("the type of a parameter", TIME);
            if (type != TEXT || framing != null) {
                throw in.refused("'" + Metadata.FRAMING_NAME + "' is one text", 1);
            }
            return in.name("the framing");
        }

        private void put(String name) {
            if (name.equals(Metadata.SCHEMA_HASH_NAME)) {
                throw in.refused(
                        "data without its schema ('" + name + "'), which only goes from node to node over zenoh", 0);
            }
            if (values == null) {
                values = new HashMap<>();
            }
            if (values.put(name, value(name)) != null) {
                throw in.refused("parameter '" + name + "' stands there twice", 0);
            }
        }

        private Parameters parameters(Map<String, Object> found) {
            try {
                return Parameters.of(found);
            } catch (IllegalArgumentException e) {
                throw new NotCarriedException(String.valueOf(e.getMessage()));
            }
        }

        private Object value(String name) {
            int type = in.varint("the type of parameter '" + name + "'", TIME);
            return switch (type) {
                case BOOL -> in.flag(name);
                case INTEGER -> number(name);
                case TEXT -> text(name);
                case INTEGERS -> list(name, 1, Long.BYTES, () -> number(name));
                case FLOAT -> decimal(name);
                case FLOATS -> list(name, Double.BYTES, Double.BYTES, () -> decimal(name));
                case TEXTS -> list(name, 1, Integer.BYTES, () -> text(name));
                default -> time(name);
            };
        }

        private Long number(String name) {
            take(Long.BYTES, name);
            return in.zigzag(name);
        }

        private Double decimal(String name) {
            take(Double.BYTES, name);
            return in.f64(name);
        }

        private String text(String name) {
            int before = in.remaining();
            String text = in.text(name, room);
            take(Integer.BYTES + before - in.remaining(), name);
            return text;
        }

        private <T> List<T> list(String name, int wireBytes, int blockBytes, Supplier<T> element) {
            int count = in.count(name, wireBytes, room / blockBytes);
            List<T> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(element.get());
            }
            return list;
        }

        private Instant time(String name) {
            take(Long.BYTES + Integer.BYTES, name);
            String text = in.text(name, 64);
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw in.refused(
                        "expected a time as RFC 3339 has it in parameter '" + name + "', found '" + text + "'", 0);
            }
        }

        private void take(int bytes, String name) {
            room -= bytes;
            if (room < 0) {
                throw new NotCarriedException("with '" + name + "' the parameters take more than the "
                        + ParameterCodec.MAX_BLOCK_BYTES + " bytes that a message may carry");
            }
        }
    }

    static void encode(Metadata metadata, PostcardWriter out) {
        out.varint(Metadata.VERSION);
        out.timestamp(metadata.timestamp());
        @Nullable String framing = metadata.framing();
        Map<String, Object> values = metadata.parameters().asMap();
        out.varint(values.size() - reserved(values) + (framing == null ? 0 : 1));
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            if (isReserved(entry.getKey())) {
                continue;
            }
            // Maps are written in the order of their names.
            if (framing != null && entry.getKey().compareTo(Metadata.FRAMING_NAME) > 0) {
                encode(Metadata.FRAMING_NAME, framing, out);
                framing = null;
            }
            encode(entry.getKey(), entry.getValue(), out);
        }
        if (framing != null) {
            encode(Metadata.FRAMING_NAME, framing, out);
        }
    }

    private static int reserved(Map<String, Object> values) {
        return (values.containsKey(Metadata.FRAMING_NAME) ? 1 : 0)
                + (values.containsKey(Metadata.SCHEMA_HASH_NAME) ? 1 : 0);
    }

    private static boolean isReserved(String name) {
        return name.equals(Metadata.FRAMING_NAME) || name.equals(Metadata.SCHEMA_HASH_NAME);
    }

    private static void encode(String name, Object value, PostcardWriter out) {
        out.text(name);
        if (value instanceof Boolean flag) {
            out.varint(BOOL);
            out.flag(flag);
        } else if (value instanceof Long number) {
            out.varint(INTEGER);
            out.zigzag(number);
        } else if (value instanceof String text) {
            out.varint(TEXT);
            out.text(text);
        } else if (value instanceof Double number) {
            out.varint(FLOAT);
            out.f64(number);
        } else if (value instanceof Instant time) {
            out.varint(TIME);
            out.text(text(name, time));
        } else {
            encodeList((List<?>) value, out);
        }
    }

    private static void encodeList(List<?> list, PostcardWriter out) {
        Object first = list.isEmpty() ? 0L : list.get(0);
        out.varint(first instanceof Long ? INTEGERS : first instanceof Double ? FLOATS : TEXTS);
        out.varint(list.size());
        for (Object element : list) {
            if (element instanceof Long number) {
                out.zigzag(number);
            } else if (element instanceof Double number) {
                out.f64(number);
            } else {
                out.text((String) element);
            }
        }
    }

    private static String text(String name, Instant time) {
        int year = time.atOffset(ZoneOffset.UTC).getYear();
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            throw new IllegalArgumentException("parameter '" + name + "' is a time in the year " + year
                    + ", which no node of dora can read: its years are " + FIRST_YEAR + " to " + LAST_YEAR);
        }
        return time.toString();
    }
}
