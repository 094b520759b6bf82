package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a JVM that measures is told: {@code key=value} each. */
public record Arguments(Map<String, String> values) {

    public static Arguments parse(String... arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + argument + "' is no argument: expected key=value");
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new Arguments(values);
    }

    public Arguments with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new Arguments(more);
    }

    /** As {@link #parse} reads them. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        values.forEach((key, value) -> words.add(key + '=' + value));
        return words;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the argument '" + key + "' is missing: found " + values);
        }
        return value;
    }

    public String text(String key, String fallback) {
        return values.getOrDefault(key, fallback);
    }

    public int number(String key) {
        return Integer.parseInt(text(key));
    }

    public int number(String key, int fallback) {
        return has(key) ? number(key) : fallback;
    }

    public double decimal(String key) {
        return Double.parseDouble(text(key));
    }

    public <E extends Enum<E>> E choice(Class<E> type, String key, E fallback) {
        return has(key) ? Enum.valueOf(type, text(key).toUpperCase(Locale.ROOT)) : fallback;
    }
}
