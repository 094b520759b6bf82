package io.millrace.yaml;

import io.millrace.workdir.Variables;
import io.millrace.yaml.Written.Kind;
import java.util.Locale;
import java.util.Optional;

/**
 * Text in which variables of the environment may be named.
 *
 * @param takesAnyScalar whether a number or boolean stands for its text
 */
record EnvironmentTextType(boolean takesAnyScalar) implements ValueType<EnvironmentText> {
    /** Who uses the text expands it. */
    static final ValueType<EnvironmentText> TEXT = new EnvironmentTextType(false);

    static final ValueType<EnvironmentText> PATH = Types.bounded(TEXT, EnvironmentText::text, Variables.LONGEST_PATH);

    static final ValueType<String> EXPANDED_TEXT = new EnvironmentTextType(false).expanded();
    static final ValueType<String> EXPANDED_SCALAR = new EnvironmentTextType(true).expanded();

    private static final String VARIABLE_KEY = "__dora_env";

    @Override
    public String expected() {
        return takesAnyScalar ? "text, a number or a boolean" : "text";
    }

    @Override
    public boolean isShort(Written value) {
        return value.isScalar() || variable(value).isPresent();
    }

    @Override
    public Optional<EnvironmentText> read(Place what, Written value, Reading reading) {
        if (value.is(Kind.TEXT)) {
            return Optional.of(new EnvironmentText(value.text(), value.location()));
        }
        if (value.isScalar() && takesAnyScalar) {
            String text = value.is(Kind.BOOLEAN) ? value.text().toLowerCase(Locale.ROOT) : value.text();
            return Optional.of(new EnvironmentText(text, value.location()));
        }
        Optional<EnvironmentText> variable = variable(value);
        if (variable.isEmpty()) {
            reading.mismatch(what, value, expected());
        }
        return variable;
    }

    /** {@code {__dora_env: NAME}} is dora's older way to write {@code ${NAME}}. */
    static Optional<EnvironmentText> variable(Written value) {
        return value.is(Kind.MAPPING)
                ? Optional.of(value.entries())
                        .filter(entries -> entries.size() == 1)
                        .map(entries -> entries.get(0))
                        .filter(entry -> entry.key().is(Kind.TEXT)
                                && entry.key().text().equals(VARIABLE_KEY)
                                && entry.value().is(Kind.TEXT))
                        .map(entry -> new EnvironmentText("${" + entry.value().text() + "}", value.location()))
                : Optional.empty();
    }

    /** The same text with its variables replaced at once. */
    private ValueType<String> expanded() {
        return new Expanded(this);
    }

    private record Expanded(EnvironmentTextType type) implements ValueType<String> {
        @Override
        public String expected() {
            return type.expected();
        }

        @Override
        public Optional<String> read(Place what, Written value, Reading reading) {
            return type.read(what, value, reading).flatMap(text -> text.expand(what, reading));
        }
    }
}
