package io.millrace.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The way to the constructors and accessors of records: reflection happens here, once for each codec. */
final class RecordAccess {
    private final MethodHandles.@Nullable Lookup given;

    private RecordAccess(MethodHandles.@Nullable Lookup given) {
        this.given = given;
    }

    /** What Millrace itself may reach. */
    static RecordAccess ofMillrace() {
        return new RecordAccess(null);
    }

    /** What the owner of a lookup may reach. */
    static RecordAccess of(MethodHandles.Lookup lookup) {
        return new RecordAccess(lookup);
    }

    /** The canonical constructor and the accessors of a record, in order. */
    record Members(MethodHandle constructor, List<MethodHandle> accessors) {}

    /** @throws IllegalArgumentException if the record is out of reach; says what opens it */
    Members membersOf(Class<?> record) {
        IllegalAccessException refusal;
        try {
            return members(record, inside(record));
        } catch (IllegalAccessException e) {
            refusal = e;
        }
        try {
            return members(record, given == null ? MethodHandles.publicLookup() : given);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(unreachable(record, e), refusal);
        }
    }

    private MethodHandles.Lookup inside(Class<?> record) throws IllegalAccessException {
        if (given != null) {
            return MethodHandles.privateLookupIn(record, given);
        }
        RecordAccess.class.getModule().addReads(record.getModule());
        return MethodHandles.privateLookupIn(record, MethodHandles.lookup());
    }

    private static Members members(Class<?> record, MethodHandles.Lookup lookup) throws IllegalAccessException {
        RecordComponent[] components = record.getRecordComponents();
        List<MethodHandle> accessors = new ArrayList<>();
        for (RecordComponent component : components) {
            accessors.add(lookup.unreflect(component.getAccessor()));
        }
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return new Members(lookup.findConstructor(record, MethodType.methodType(void.class, types)), accessors);
        } catch (NoSuchMethodException e) {
            throw new LinkageError("every record has a canonical constructor, " + record.getName() + " too", e);
        }
    }

    private String unreachable(Class<?> record, IllegalAccessException why) {
        String whose = given == null
                ? "io.millrace.core"
                : "the lookup of " + given.lookupClass().getName();
        String where = record.getModule().isNamed()
                ? "package " + record.getPackageName() + " of module "
                        + record.getModule().getName()
                : "package " + record.getPackageName();
        return "record " + record.getName() + " is out of reach for " + whose
                + ": make it public in an exported package, "
                + "or open " + where + " to io.millrace.core, or pass a MethodHandles.lookup() that reaches it ("
                + why.getMessage() + ")";
    }
}
