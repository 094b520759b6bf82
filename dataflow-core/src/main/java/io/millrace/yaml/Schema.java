package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.graph.Suggestions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys that a mapping may have: a table by which it is read, and its mistakes are told. Immutable. */
final class Schema implements ValueType<Fields> {
    private final String name;
    private final Map<String, Key<?>> read;
    private final Set<String> ignored;
    private final Set<String> refused;

    private Schema(String name, Map<String, Key<?>> read, Set<String> ignored, Set<String> refused) {
        this.name = name;
        this.read = read;
        this.ignored = ignored;
        this.refused = refused;
    }

    /**
     * Of keys under their own names.
     *
     * @param name what has these keys, as in "unknown key 'x' in a node"
     */
    static Schema of(String name, Key<?>... keys) {
        Map<String, Key<?>> read = new LinkedHashMap<>();
        for (Key<?> key : keys) {
            read.put(key.name(), key);
        }
        return new Schema(name, read, Set.of(), Set.of());
    }

    /** With another name for a key, such as the one of an older dialect. */
    Schema alsoCalled(String otherName, Key<?> key) {
        Map<String, Key<?>> more = new LinkedHashMap<>(read);
        more.put(otherName, key);
        return new Schema(name, more, ignored, refused);
    }

    /** With keys of dora that change nothing here: their values are not looked at, and one warning names them. */
    Schema ignoring(String... names) {
        return new Schema(name, read, new TreeSet<>(Arrays.asList(names)), refused);
    }

    /** With keys of dora that would change what the dataflow means. */
    Schema refusing(String... names) {
        return new Schema(name, read, ignored, new TreeSet<>(Arrays.asList(names)));
    }

    /** Every name that is read, with its key. */
    Map<String, Key<?>> keys() {
        return read;
    }

    Set<String> ignored() {
        return ignored;
    }

    Set<String> refused() {
        return refused;
    }

    String name() {
        return name;
    }

    @Override
    public String expected() {
        return "a mapping";
    }

    @Override
    public Optional<Fields> read(Place what, Written value, Reading reading) {
        if (!value.is(Written.Kind.MAPPING)) {
            reading.mismatch(what, value, expected());
            return Optional.empty();
        }
        return Optional.of(new Pass(reading).read(value));
    }

    /** One mapping being read. */
    private final class Pass {
        private final Reading reading;
        private final Map<String, Location> seen = new HashMap<>();
        private final Map<Key<?>, Fields.Field> fields = new LinkedHashMap<>();
        private final Map<String, Location> refusals = new LinkedHashMap<>();
        private final List<Located<String>> idle = new ArrayList<>();

        private Pass(Reading reading) {
            this.reading = reading;
        }

        private Fields read(Written mapping) {
            int errors = reading.problems().errorCount();
            for (Written.Entry entry : mapping.entries()) {
                read(entry);
            }
            warnOfIdleKeys();
            boolean isSound = errors == reading.problems().errorCount();
            return new Fields(mapping.location(), fields, refusals, isSound);
        }

        private void read(Written.Entry entry) {
            Optional<String> written = Types.keyText(entry.key(), seen, reading);
            if (written.isEmpty()) {
                return;
            }
            String text = written.get();
            Key<?> key = Schema.this.read.get(text);
            if (key != null) {
                read(text, key, entry);
            } else if (ignored.contains(text)) {
                idle.add(new Located<>(text, entry.key().location()));
            } else if (refused.contains(text)) {
                refusals.put(text, entry.key().location());
                reading.error(entry.key().location(), "'" + text + "' is recognised, not supported yet");
            } else {
                reading.problems().error(entry.key().location(), () -> unknown(text));
            }
        }

        private <T> void read(String text, Key<T> key, Written.Entry entry) {
            Fields.Field other = fields.get(key);
            if (other != null) {
                reading.error(
                        entry.key().location(),
                        "'" + text + "' and '" + other.writtenAs() + "' mean the same: write one of them");
                return;
            }
            if (entry.value().is(Written.Kind.NOTHING)) {
                return;
            }
            int errors = reading.problems().errorCount();
            @Nullable T value = key.type().read(Place.of(text), entry.value(), reading).orElse(null);
            boolean isSound = errors == reading.problems().errorCount();
            fields.put(
                    key,
                    new Fields.Field(
                            text,
                            value,
                            isSound,
                            entry.key().location(),
                            entry.value().location()));
        }

        private void warnOfIdleKeys() {
            if (!idle.isEmpty()) {
                String names = idle.stream().map(key -> "'" + key.value() + "'").collect(Collectors.joining(", "));
                String change = idle.size() == 1 ? " changes nothing here and is" : " change nothing here and are";
                reading.problems().warning(idle.get(0).location(), names + change + " ignored");
            }
        }

        private String unknown(String text) {
            if (text.equals("<<")) {
                return "merge keys ('<<') are not supported: write the keys out";
            }
            return "unknown key " + Problem.quote(text) + " in " + name
                    + Suggestions.didYouMean(text, Schema.this.read.keySet()) + "; expected one of "
                    + Schema.this.read.values().stream()
                            .map(Key::name)
                            .distinct()
                            .collect(Collectors.joining(", "));
        }
    }
}
