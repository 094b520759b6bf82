package io.millrace.node;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Named values that travel with a message: immutable, in the order of their names.
 *
 * <p>A value is a {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link Instant}, or a list of longs, of doubles or of strings: what dora's
 * metadata parameters may be. Safe to share between threads, and best made once and used again, for making them allocates.
 */
public final class Parameters {
    /** None. */
    public static final Parameters EMPTY = new Parameters(new TreeMap<>());

    /** The most values that one message may carry. */
    public static final int MAX_COUNT = 1024;

    /** The most bytes that a name may take in UTF-8. */
    public static final int MAX_NAME_BYTES = 256;

    private final Map<String, Object> values;

    private Parameters(SortedMap<String, Object> values) {
        this.values = Collections.unmodifiableSortedMap(values);
    }

    /** @throws IllegalArgumentException if the value is of no type that a parameter may have, or there are too many */
    public static Parameters of(String name, Object value) {
        return EMPTY.with(name, value);
    }

    /** @throws IllegalArgumentException as {@link #of(String, Object)} */
    public static Parameters of(Map<String, ?> values) {
        TreeMap<String, Object> copy = new TreeMap<>();
        values.forEach((name, value) -> put(copy, name, value));
        return new Parameters(copy);
    }

    /**
     * These and one more; a value of the same name gives way.
     *
     * @throws IllegalArgumentException as {@link #of(String, Object)}
     */
    public Parameters with(String name, Object value) {
        TreeMap<String, Object> copy = new TreeMap<>(values);
        put(copy, name, value);
        return new Parameters(copy);
    }

    private static void put(Map<String, Object> values, String name, Object value) {
        values.put(checkedName(name), checked(name, value));
        if (values.size() > MAX_COUNT) {
            throw new IllegalArgumentException("a message carries at most " + MAX_COUNT + " parameters");
        }
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Unmodifiable. */
    public Map<String, Object> asMap() {
        return values;
    }

    public Optional<Object> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** @throws IllegalArgumentException if there is one of this name and it is not a text */
    public Optional<String> text(String name) {
        return typed(name, String.class);
    }

    /** @throws IllegalArgumentException if there is one of this name and it is not a long */
    public Optional<Long> number(String name) {
        return typed(name, Long.class);
    }

    /** @throws IllegalArgumentException if there is one of this name and it is not a double */
    public Optional<Double> decimal(String name) {
        return typed(name, Double.class);
    }

    /** @throws IllegalArgumentException if there is one of this name and it is not a boolean */
    public Optional<Boolean> flag(String name) {
        return typed(name, Boolean.class);
    }

    /** @throws IllegalArgumentException if there is one of this name and it is not a time */
    public Optional<Instant> time(String name) {
        return typed(name, Instant.class);
    }

    private <T> Optional<T> typed(String name, Class<T> type) {
        @Nullable Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("parameter '" + name + "' is a "
                    + value.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return Optional.ofNullable(type.cast(value));
    }

    private static String checkedName(String name) {
        // What is no Unicode would come out of UTF-8 as another name.
        boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(name);
        if (!isText || name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "a parameter's name has 1 to " + MAX_NAME_BYTES + " bytes of UTF-8: '" + name + "'");
        }
        return name;
    }

    private static Object checked(String name, Object value) {
        Objects.requireNonNull(value, name);
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof List<?> list) {
            return checkedList(name, list);
        }
        if (value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof String
                || value instanceof Instant) {
            return value;
        }
        throw new IllegalArgumentException("parameter '" + name + "' cannot be a "
                + value.getClass().getSimpleName()
                + ": it must be a boolean, long, double, text, time, or a list of longs, doubles or texts");
    }

    private static List<?> checkedList(String name, List<?> list) {
        boolean uniform = List.of(Long.class, Double.class, String.class).stream()
                .anyMatch(type -> list.stream().allMatch(type::isInstance));
        if (!uniform) {
            throw new IllegalArgumentException(
                    "parameter '" + name + "' must be a list of longs only, of doubles only or of texts only");
        }
        return List.copyOf(list);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Parameters that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
