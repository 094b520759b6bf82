package io.millrace.remote.cli.diagram;

import java.util.HashMap;
import java.util.Map;

/** Names and the numbers that stand for them. */
final class Numbering {
    private final Map<String, Integer> numbers = new HashMap<>();

    void put(String name, int number) {
        numbers.put(name, number);
    }

    /** @throws IllegalArgumentException if the name has no number */
    int of(String name) {
        Integer number = numbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("nothing is called '" + name + "'");
        }
        return number;
    }
}
