package io.millrace.yaml;

import io.millrace.graph.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A mapping as it was written: the descriptor's building block. Holds the typed value and the place of each key. */
final class Fields {
    private final Location location;
    private final Map<Key<?>, Field> fields;
    private final Map<String, Location> refused;
    private final boolean isSound;

    /** @param isSound whether nothing was reported while the mapping was read */
    Fields(Location location, Map<Key<?>, Field> fields, Map<String, Location> refused, boolean isSound) {
        this.location = location;
        this.fields = fields;
        this.refused = refused;
        this.isSound = isSound;
    }

    /** A mapping in which nothing is written. */
    static Fields none(Location location) {
        return new Fields(location, Map.of(), Map.of(), true);
    }

    /** What a mapping would hold that is written short, as the value of one of its keys. */
    static <T> Fields shorthand(Key<T> key, T value, Location location) {
        return new Fields(
                location, Map.of(key, new Field(key.name(), value, true, location, location)), Map.of(), true);
    }

    /** Where the mapping begins. */
    Location location() {
        return location;
    }

    /** Whether nothing was reported while it was read. */
    boolean isSound() {
        return isSound;
    }

    /** The value of a key; empty if it is not written, or could not be read. */
    @SuppressWarnings("unchecked") // A field is only ever put beside the key whose type has read it.
    <T> Optional<T> get(Key<T> key) {
        Field field = fields.get(key);
        return field == null ? Optional.empty() : Optional.ofNullable((T) field.value());
    }

    <T> T get(Key<T> key, T otherwise) {
        return get(key).orElse(otherwise);
    }

    boolean isWritten(Key<?> key) {
        return fields.containsKey(key);
    }

    /** Whether a key is written and something about its value was reported, so that the value is not all there. */
    boolean isDamaged(Key<?> key) {
        Field field = fields.get(key);
        return field != null && !field.isSound();
    }

    /** Where the key stands, or the mapping if it is not written. */
    Location keyLocation(Key<?> key) {
        Field field = fields.get(key);
        return field == null ? location : field.keyLocation();
    }

    /** Where the value of a key stands, or the mapping if it is not written. */
    Location valueLocation(Key<?> key) {
        Field field = fields.get(key);
        return field == null ? location : field.valueLocation();
    }

    /** The name under which the key is written. */
    String writtenAs(Key<?> key) {
        Field field = fields.get(key);
        return field == null ? key.name() : field.writtenAs();
    }

    /** The keys written that are recognised, but not supported. */
    Map<String, Location> refused() {
        return refused;
    }

    /** These fields with those of another mapping, which win. */
    Fields overlaidBy(Fields other) {
        Map<Key<?>, Field> all = new LinkedHashMap<>(fields);
        all.putAll(other.fields);
        Map<String, Location> allRefused = new LinkedHashMap<>(refused);
        allRefused.putAll(other.refused);
        return new Fields(location, all, allRefused, isSound && other.isSound);
    }

    /** These fields with another value for one key. */
    <T> Fields with(Key<T> key, T value) {
        Map<Key<?>, Field> all = new LinkedHashMap<>(fields);
        all.put(key, new Field(writtenAs(key), value, !isDamaged(key), keyLocation(key), valueLocation(key)));
        return new Fields(location, all, refused, isSound);
    }

    /** The keys that both mappings have. */
    List<Key<?>> inCommonWith(Fields other) {
        List<Key<?>> common = new ArrayList<>(fields.keySet());
        common.retainAll(other.fields.keySet());
        return common;
    }

    /**
     * A key that is written.
     *
     * @param writtenAs its name or one of its other names
     * @param value null if it could not be read
     * @param isSound whether nothing was reported while it was read
     */
    record Field(
            String writtenAs, @Nullable Object value, boolean isSound, Location keyLocation, Location valueLocation) {}
}
