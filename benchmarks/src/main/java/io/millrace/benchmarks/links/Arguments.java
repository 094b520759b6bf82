package io.millrace.benchmarks.links;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a JVM is told: {@code key=value} each. */
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

    Arguments with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new Arguments(more);
    }

    List<String> words() {
        List<String> words = new ArrayList<>();
        values.forEach((key, value) -> words.add(key + '=' + value));
        return words;
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the argument '" + key + "' is missing: found " + values);
        }
        return value;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    int number(String key) {
        return Integer.parseInt(text(key));
    }

    double decimal(String key) {
        return Double.parseDouble(text(key));
    }
}
