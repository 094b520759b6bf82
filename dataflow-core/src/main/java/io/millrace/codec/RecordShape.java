package io.millrace.codec;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Where the components of a record stand: those of nested records in their place, in the order of their declaration. */
final class RecordShape {
    /** Nested ones included: so that a record of records of records stays within reason. */
    static final int MAX_COMPONENTS = 1000;

    private final String description;
    private final int fixedLength;
    private final List<Component> components;

    private RecordShape(String description, int fixedLength, List<Component> components) {
        this.description = description;
        this.fixedLength = fixedLength;
        this.components = List.copyOf(components);
    }

    /** @throws IllegalArgumentException naming the component that cannot be laid out */
    static RecordShape of(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException("'" + type.getName() + "' is not a record");
        }
        Scan scan = new Scan(type);
        String description = scan.describe(type, "");
        return new RecordShape(description, scan.offset, scan.components(description));
    }

    /** {@code Position(long timeMs, double latitude)}. */
    String description() {
        return description;
    }

    /** The bytes before the texts. */
    int fixedLength() {
        return fixedLength;
    }

    List<Component> components() {
        return components;
    }

    /** The same for equal descriptions, and most probably another for others. */
    int id() {
        CRC32C sum = new CRC32C();
        sum.update(description.getBytes(StandardCharsets.UTF_8));
        long bits = sum.getValue();
        return CodecNames.FIRST_RECORD | (int) ((bits ^ bits >>> 15 ^ bits >>> 30) & 0x7FFF);
    }

    private record Place(String path, Kind kind, Class<?> type, int offset) {}

    /** Goes through a record from the first component to the last. */
    private static final class Scan {
        private final Class<?> root;
        private final List<Class<?>> within = new ArrayList<>();
        private final List<Place> places = new ArrayList<>();
        private int offset;

        Scan(Class<?> root) {
            this.root = root;
        }

        String describe(Class<?> type, String prefix) {
            if (within.contains(type)) {
                throw refused(
                        prefix.substring(0, prefix.length() - 1),
                        "is a " + type.getSimpleName() + " within a " + type.getSimpleName() + ", which never ends");
            }
            within.add(type);
            StringJoiner described = new StringJoiner(", ", type.getSimpleName() + "(", ")");
            for (RecordComponent component : type.getRecordComponents()) {
                String path = prefix + component.getName();
                described.add(describeComponent(component.getType(), path) + " " + component.getName());
            }
            within.remove(within.size() - 1);
            return described.toString();
        }

        private String describeComponent(Class<?> type, String path) {
            if (type.isRecord()) {
                return describe(type, path + ".");
            }
            @Nullable Kind kind = Kind.of(type);
            if (kind == null) {
                throw refused(
                        path,
                        "is of type " + type.getTypeName()
                                + ": a component must be a primitive, a String, an enum, or a record of these");
            }
            if (places.size() == MAX_COMPONENTS) {
                throw refused(path, "is one too many: there may be " + MAX_COMPONENTS + ", nested ones included");
            }
            places.add(new Place(path, kind, type, offset));
            offset += kind.bytes();
            return kind == Kind.ENUM ? describeEnum(type) : kind.word();
        }

        /** By the names in its source, for what toString says may change. */
        private static String describeEnum(Class<?> type) {
            return constants(type).stream()
                    .map(constant -> ((Enum<?>) constant).name())
                    .collect(Collectors.joining(", ", type.getSimpleName() + "[", "]"));
        }

        List<Component> components(String record) {
            List<Component> components = new ArrayList<>();
            int textBefore = Component.NO_TEXT;
            for (Place place : places) {
                List<?> constants = place.kind == Kind.ENUM ? constants(place.type) : List.of();
                components.add(
                        new Component(record, place.path, place.kind, place.offset, constants, textBefore, offset));
                textBefore = place.kind == Kind.TEXT ? place.offset : textBefore;
            }
            return components;
        }

        private static List<?> constants(Class<?> type) {
            return List.of(type.getEnumConstants());
        }

        private IllegalArgumentException refused(String path, String why) {
            return new IllegalArgumentException(
                    "record " + root.getName() + " cannot be laid out: component '" + path + "' " + why);
        }
    }
}
