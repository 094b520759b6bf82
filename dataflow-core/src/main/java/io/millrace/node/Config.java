package io.millrace.node;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node's {@code config} mapping, read with the types that the node expects.
 *
 * <p>A value that is missing without a default, or of another type, throws {@link InvalidConfigException}, which names the node, the key, what was
 * found and what was expected; thrown from {@code open} it becomes the reason why the dataflow did not start. Any thread.
 */
public final class Config {
    private final String owner;
    private final Map<String, Object> values;

    /** @param owner the node's name in messages */
    public Config(String owner, Map<String, Object> values) {
        this.owner = owner;
        this.values = inOrder(values);
    }

    /** An unmodifiable copy that has its entries in the same order. */
    private static Map<String, Object> inOrder(Map<String, Object> values) {
        Map<String, Object> copy = new LinkedHashMap<>();
        values.forEach(
                (key, value) -> copy.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, key)));
        return Collections.unmodifiableMap(copy);
    }

    /** The mapping as written, in its order: strings, booleans, longs, doubles, lists and maps of these. Unmodifiable. */
    public Map<String, Object> asMap() {
        return values;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public String text(String key) {
        return required(key, optionalText(key), "a text");
    }

    public String text(String key, String fallback) {
        return optionalText(key).orElse(fallback);
    }

    public long integer(String key) {
        return required(key, optionalInteger(key), "a whole number");
    }

    public long integer(String key, long fallback) {
        return optionalInteger(key).orElse(fallback);
    }

    public double decimal(String key) {
        return required(key, optionalDecimal(key), "a number");
    }

    public double decimal(String key, double fallback) {
        return optionalDecimal(key).orElse(fallback);
    }

    public boolean flag(String key) {
        return required(key, optionalFlag(key), "true or false");
    }

    public boolean flag(String key, boolean fallback) {
        return optionalFlag(key).orElse(fallback);
    }

    private Optional<String> optionalText(String key) {
        @Nullable Object value = values.get(key);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw wrong(key, "a text", value);
    }

    private Optional<Long> optionalInteger(String key) {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Long || value instanceof Integer) {
            return Optional.of(((Number) value).longValue());
        }
        throw wrong(key, "a whole number", value);
    }

    private Optional<Double> optionalDecimal(String key) {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Number number) {
            return Optional.of(number.doubleValue());
        }
        throw wrong(key, "a number", value);
    }

    private Optional<Boolean> optionalFlag(String key) {
        @Nullable Object value = values.get(key);
        if (value == null || value instanceof Boolean) {
            return Optional.ofNullable((Boolean) value);
        }
        throw wrong(key, "true or false", value);
    }

    private <T> T required(String key, Optional<T> value, String expected) {
        return value.orElseThrow(() -> new InvalidConfigException(
                "node '" + owner + "': config '" + key + "' is missing; expected " + expected));
    }

    private InvalidConfigException wrong(String key, String expected, Object found) {
        String shown = found instanceof String ? "'" + found + "'" : String.valueOf(found);
        return new InvalidConfigException(
                "node '" + owner + "': config '" + key + "' must be " + expected + ", found " + shown);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
