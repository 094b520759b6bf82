package io.millrace.yaml;

import io.millrace.graph.DataflowNames;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.graph.Suggestions;
import io.millrace.yaml.Written.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The types of values in a dataflow file. */
final class Types {
    /** Longer names are none that anyone means, and would be dear where others are put together of them. */
    private static final int LONGEST_NAME = 512;

    /** Any text, as it stands there. */
    static final ValueType<String> TEXT = new Scalar<>("text", value -> textIf(value.is(Kind.TEXT), value));

    /** Text with at least one character that is seen. */
    static final ValueType<String> NAME = new Scalar<>(
            "text that is not blank",
            value -> textIf(value.is(Kind.TEXT) && !value.text().isBlank(), value));

    /** The id of a node, operator or output. Whether it is valid is for the assembler to say. */
    static final ValueType<String> ID = bounded(TEXT, Function.identity(), 256);

    /** Where the messages of an input come from. */
    static final ValueType<String> SOURCE = bounded(NAME, Function.identity(), LONGEST_NAME);

    static final ValueType<String> CLASS_NAME = bounded(NAME, Function.identity(), 1024);

    static final ValueType<String> DATAFLOW_NAME = new Scalar<>(
            DataflowNames.EXPECTED, value -> textIf(value.is(Kind.TEXT) && DataflowNames.isName(value.text()), value));

    static final ValueType<Boolean> FLAG = new Scalar<>(
            "true or false",
            value -> value.is(Kind.BOOLEAN)
                    ? Optional.of(value.text().toLowerCase(Locale.ROOT).equals("true"))
                    : Optional.empty());

    private Types() {}

    static ValueType<Integer> wholeNumber(int least, int most) {
        String range = most == Integer.MAX_VALUE
                ? "a whole number, at least " + least
                : "a whole number from " + least + " to " + most;
        return new Scalar<>(
                range,
                value -> Numbers.whole(value)
                        .filter(number -> number >= least && number <= most)
                        .map(Long::intValue));
    }

    /** One of a few words. */
    static <T> ValueType<T> oneOf(Collection<T> values, Function<T, String> word) {
        Map<String, T> byWord = new LinkedHashMap<>();
        for (T value : values) {
            byWord.put(word.apply(value), value);
        }
        return words(byWord);
    }

    /** One of a few words, of which several may mean the same. */
    static <T> ValueType<T> words(Map<String, T> byWord) {
        return new OneOf<>(byWord);
    }

    /** A type whose text must not be long. */
    static <T> ValueType<T> bounded(ValueType<T> type, Function<T, String> text, int most) {
        return new Bounded<>(type, text, most);
    }

    /** A type whose text must not be blank, of a key that may be left out. */
    static <T> ValueType<T> notBlank(ValueType<T> type, Function<T, String> text) {
        return new NotBlank<>(type, text);
    }

    static <T> ValueType<List<Located<T>>> listOf(ValueType<T> item) {
        return listOf(item, Integer.MAX_VALUE);
    }

    /** As {@link #listOf(ValueType)}, with so many items at most. */
    static <T> ValueType<List<Located<T>>> listOf(ValueType<T> item, int most) {
        return new ListType<>(item, most);
    }

    /** A mapping from texts that are not known beforehand. */
    static <T> ValueType<Map<String, Located<T>>> mapOf(ValueType<T> value) {
        return mapOf(value, Integer.MAX_VALUE);
    }

    /** As {@link #mapOf(ValueType)}, with so many entries at most. */
    static <T> ValueType<Map<String, Located<T>>> mapOf(ValueType<T> value, int most) {
        return new MapType<>(value, most);
    }

    /** A mapping, or short for it, the value of its most important key. */
    static <T> ValueType<Fields> shorthand(Key<T> key, Schema schema) {
        return new Shorthand<>(key, schema);
    }

    /** The text of a mapping's key; empty if it was reported why it is none, or that it was there before. */
    static Optional<String> keyText(Written key, Map<String, Location> seen, Reading reading) {
        if (!key.is(Kind.TEXT)) {
            reading.error(key.location(), "found " + key.describe() + " as a key, expected text: put it in quotes");
            return Optional.empty();
        }
        if (key.text().length() > LONGEST_NAME) {
            reading.error(
                    key.location(),
                    "the key " + Problem.quote(key.text()) + " has "
                            + key.text().length() + " characters: expected at most " + LONGEST_NAME);
            return Optional.empty();
        }
        Location first = seen.putIfAbsent(key.text(), key.location());
        if (first != null) {
            reading.error(
                    key.location(),
                    "the key " + Problem.quote(key.text()) + " is written twice, first in line " + first.line());
            return Optional.empty();
        }
        return Optional.of(key.text());
    }

    private static Optional<String> textIf(boolean isRight, Written value) {
        return isRight ? Optional.of(value.text()) : Optional.empty();
    }

    /** Any type that is told by the value alone. */
    record Scalar<T>(String expected, Function<Written, Optional<T>> reader) implements ValueType<T> {
        @Override
        public Optional<T> read(Place what, Written value, Reading reading) {
            Optional<T> result = value.isScalar() ? reader.apply(value) : Optional.empty();
            if (result.isEmpty()) {
                reading.mismatch(what, value, expected);
            }
            return result;
        }
    }

    private record Bounded<T>(ValueType<T> type, Function<T, String> text, int most) implements ValueType<T> {
        @Override
        public String expected() {
            return type.expected();
        }

        @Override
        public boolean isShort(Written value) {
            return type.isShort(value);
        }

        @Override
        public Optional<T> read(Place what, Written value, Reading reading) {
            Optional<T> read = type.read(what, value, reading);
            int length = read.map(text).map(String::length).orElse(0);
            if (length > most) {
                reading.error(
                        value.location(),
                        "'" + what + "': found " + value.describe() + " of " + length + " characters, expected at most "
                                + most);
                return Optional.empty();
            }
            return read;
        }
    }

    private record NotBlank<T>(ValueType<T> type, Function<T, String> text) implements ValueType<T> {
        @Override
        public String expected() {
            return type.expected();
        }

        @Override
        public Optional<T> read(Place what, Written value, Reading reading) {
            Optional<T> read = type.read(what, value, reading);
            if (read.map(text).map(String::isBlank).orElse(false)) {
                reading.error(
                        value.location(),
                        "'" + what + "': found blank text, expected text that is not blank: leave the key out");
                return Optional.empty();
            }
            return read;
        }
    }

    private record OneOf<T>(Map<String, T> byWord) implements ValueType<T> {
        @Override
        public String expected() {
            return "one of " + String.join(", ", byWord.keySet());
        }

        @Override
        public Optional<T> read(Place what, Written value, Reading reading) {
            T result = value.is(Kind.TEXT) ? byWord.get(value.text()) : null;
            if (result == null) {
                reading.mismatch(what, value, () -> expected() + hint(value));
            }
            return Optional.ofNullable(result);
        }

        private String hint(Written value) {
            return value.is(Kind.TEXT) ? Suggestions.didYouMean(value.text(), byWord.keySet()) : "";
        }
    }

    private record ListType<T>(ValueType<T> item, int most) implements ValueType<List<Located<T>>> {
        @Override
        public String expected() {
            return "a list";
        }

        @Override
        public Optional<List<Located<T>>> read(Place what, Written value, Reading reading) {
            if (!value.is(Kind.LIST)) {
                reading.mismatch(what, value, expected());
                return Optional.empty();
            }
            int size = value.items().size();
            if (size > most) {
                reading.error(value.location(), "'" + what + "': found " + size + " items, expected at most " + most);
                return Optional.empty();
            }
            List<Located<T>> items = new ArrayList<>();
            int index = 0;
            for (Written written : value.items()) {
                Optional<T> read = item.read(what.item(index++), written, reading);
                if (read.isPresent()) {
                    items.add(new Located<>(read.get(), written.location()));
                }
            }
            return Optional.of(items);
        }
    }

    private record MapType<T>(ValueType<T> value, int most) implements ValueType<Map<String, Located<T>>> {
        @Override
        public String expected() {
            return "a mapping";
        }

        @Override
        public Optional<Map<String, Located<T>>> read(Place what, Written mapping, Reading reading) {
            if (!mapping.is(Kind.MAPPING)) {
                reading.mismatch(what, mapping, expected());
                return Optional.empty();
            }
            int size = mapping.entries().size();
            if (size > most) {
                reading.error(
                        mapping.location(), "'" + what + "': found " + size + " entries, expected at most " + most);
                return Optional.empty();
            }
            Map<String, Location> seen = new HashMap<>();
            Map<String, Located<T>> values = new LinkedHashMap<>();
            for (Written.Entry entry : mapping.entries()) {
                Optional<String> key = keyText(entry.key(), seen, reading);
                Optional<T> read =
                        key.isPresent() ? value.read(what.entry(key.get()), entry.value(), reading) : Optional.empty();
                if (read.isPresent()) {
                    values.put(key.get(), new Located<>(read.get(), entry.key().location()));
                }
            }
            return Optional.of(values);
        }
    }

    private record Shorthand<T>(Key<T> key, Schema schema) implements ValueType<Fields> {
        @Override
        public String expected() {
            return key.type().expected() + ", or " + schema.expected();
        }

        @Override
        public Optional<Fields> read(Place what, Written value, Reading reading) {
            if (key.type().isShort(value)) {
                return key.type().read(what, value, reading).map(read -> Fields.shorthand(key, read, value.location()));
            }
            if (value.is(Kind.MAPPING)) {
                return schema.read(what, value, reading);
            }
            reading.mismatch(what, value, expected());
            return Optional.empty();
        }
    }
}
