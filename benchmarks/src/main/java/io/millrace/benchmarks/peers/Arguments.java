package io.millrace.benchmarks.peers;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a measuring JVM is told: {@code key=value} each. */
record Arguments(Map<String, String> values) {

    static Arguments parse(String... arguments) {
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

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the argument '" + key + "' is missing: found " + values);
        }
        return value;
    }

    String text(String key, String fallback) {
        return values.getOrDefault(key, fallback);
    }

    int number(String key) {
        return Integer.parseInt(text(key));
    }

    int number(String key, int fallback) {
        return values.containsKey(key) ? number(key) : fallback;
    }

    double decimal(String key) {
        return Double.parseDouble(text(key));
    }

    <E extends Enum<E>> E choice(Class<E> type, String key, E fallback) {
        return values.containsKey(key) ? Enum.valueOf(type, text(key).toUpperCase(Locale.ROOT)) : fallback;
    }
}
