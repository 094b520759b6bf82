package io.millrace.yaml;

import io.millrace.graph.Location;
import java.util.HashMap;
import java.util.Map;

/** A value and its place in the file; of an entry of a mapping, the place of its key. */
record Located<T>(T value, Location location) {

    /** The values alone; immutable. */
    static <T> Map<String, T> values(Map<String, Located<T>> located) {
        Map<String, T> values = new HashMap<>();
        for (Map.Entry<String, Located<T>> entry : located.entrySet()) {
            values.put(entry.getKey(), entry.getValue().value());
        }
        return Map.copyOf(values);
    }
}
