package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.yaml.Written.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a node's class: a mapping of anything. Text may name variables; where such a text stands without quotes, what
 * comes of it is a number or boolean if it looks like one, as if it had been written there.
 */
final class ConfigType implements ValueType<Map<String, Object>> {

    @Override
    public String expected() {
        return "a mapping";
    }

    @Override
    public Optional<Map<String, Object>> read(Place what, Written value, Reading reading) {
        if (!value.is(Kind.MAPPING)) {
            reading.mismatch(what, value, expected());
            return Optional.empty();
        }
        return Optional.of(mapping(what, value, reading));
    }

    /** Deep recursion is impossible: the tree is of bounded depth. */
    private Optional<Object> any(Place what, Written value, Reading reading) {
        return switch (value.kind()) {
            case NOTHING -> Optional.empty();
            case BOOLEAN -> Optional.of(bool(value.text()));
            case WHOLE_NUMBER, DECIMAL_NUMBER -> number(what, value, value.text(), reading);
            case TEXT ->
                text(what, value, new EnvironmentText(value.text(), value.location()), value.isPlain(), reading);
            case LIST -> Optional.of(list(what, value, reading));
            case MAPPING -> {
                Optional<EnvironmentText> variable = EnvironmentTextType.variable(value);
                yield variable.isPresent()
                        ? text(what, value, variable.get(), true, reading)
                        : Optional.of(mapping(what, value, reading));
            }
        };
    }

    private Map<String, Object> mapping(Place what, Written value, Reading reading) {
        Map<String, Location> seen = new HashMap<>();
        Map<String, Object> values = new LinkedHashMap<>();
        for (Written.Entry entry : value.entries()) {
            Types.keyText(entry.key(), seen, reading)
                    .ifPresent(key ->
                            any(what.entry(key), entry.value(), reading).ifPresent(read -> values.put(key, read)));
        }
        return Collections.unmodifiableMap(values);
    }

    private List<Object> list(Place what, Written value, Reading reading) {
        List<Object> values = new ArrayList<>();
        int index = 0;
        for (Written item : value.items()) {
            Place place = what.item(index++);
            if (item.is(Kind.NOTHING)) {
                reading.mismatch(place, item, "a value");
            }
            any(place, item, reading).ifPresent(values::add);
        }
        return Collections.unmodifiableList(values);
    }

    private Optional<Object> text(
            Place what, Written value, EnvironmentText written, boolean isPlain, Reading reading) {
        Optional<String> expanded = written.expand(what, reading);
        if (expanded.isEmpty() || !isPlain || expanded.get().equals(written.text())) {
            return expanded.map(text -> text);
        }
        String text = expanded.get();
        return switch (CoreResolver.kindOf(text)) {
            case BOOLEAN -> Optional.of(bool(text));
            case WHOLE_NUMBER, DECIMAL_NUMBER -> number(what, value, text, reading);
            default -> Optional.of(text);
        };
    }

    private static Optional<Object> number(Place what, Written value, String text, Reading reading) {
        if (CoreResolver.kindOf(text) == Kind.DECIMAL_NUMBER) {
            return Optional.of(Numbers.floatingPoint(text));
        }
        Optional<Long> whole = Numbers.whole(text);
        if (whole.isEmpty()) {
            reading.mismatch(what, value, "a whole number of at most 64 bits");
        }
        return whole.map(number -> number);
    }

    private static Boolean bool(String text) {
        return text.toLowerCase(Locale.ROOT).equals("true");
    }
}
