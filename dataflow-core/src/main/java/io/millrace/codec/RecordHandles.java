package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Builds the two handles of a record's codec: one that writes the fixed part, one that reads the record. Each is a single tree of method handles without a box
 * or an array in it, which the JVM compiles as it compiles straight code once it has been called some hundred times.
 */
final class RecordHandles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle PRESENT =
            own("present", MethodType.methodType(Object.class, String.class, Object.class));

    private final RecordAccess access;
    private final List<Component> components;
    private final List<MethodHandle> puts = new ArrayList<>();
    private final List<RecordText> texts = new ArrayList<>();

    RecordHandles(RecordAccess access, List<Component> components) {
        this.access = access;
        this.components = components;
    }

    /** {@code (Claim, Record)void}: writes all but the texts. Call once, and before {@link #texts}. */
    MethodHandle writer(Class<?> record) {
        Iterator<Component> order = components.iterator();
        collect(record, MethodHandles.identity(record), order);
        MethodType general = MethodType.methodType(void.class, Claim.class, Record.class);
        return puts.isEmpty() ? MethodHandles.empty(general) : inSequence(puts).asType(general);
    }

    /** The texts that {@link #writer} leaves out. */
    List<RecordText> texts() {
        return List.copyOf(texts);
    }

    /** {@code (Message)Record}. */
    MethodHandle reader(Class<?> record) {
        return reader(record, components.iterator()).asType(MethodType.methodType(Record.class, Message.class));
    }

    /** @param way leads from the whole record to this one, which is it or nested in it */
    private void collect(Class<?> record, MethodHandle way, Iterator<Component> order) {
        List<MethodHandle> accessors = access.membersOf(record).accessors();
        RecordComponent[] declared = record.getRecordComponents();
        for (int i = 0; i < declared.length; i++) {
            MethodHandle getter = MethodHandles.filterReturnValue(way, accessors.get(i));
            if (declared[i].getType().isRecord()) {
                collect(declared[i].getType(), present(getter, record, declared[i].getName()), order);
            } else {
                collect(order.next(), getter);
            }
        }
    }

    private void collect(Component component, MethodHandle getter) {
        if (component.kind() == Kind.TEXT) {
            MethodType general = MethodType.methodType(String.class, Record.class);
            texts.add(new RecordText(component, getter.asType(general)));
        } else {
            Class<?> type = getter.type().returnType();
            MethodHandle put = bound(component, "put", MethodType.methodType(void.class, Claim.class, plain(type)))
                    .asType(MethodType.methodType(void.class, Claim.class, type));
            puts.add(MethodHandles.filterArguments(put, 1, getter));
        }
    }

    private MethodHandle reader(Class<?> record, Iterator<Component> order) {
        RecordComponent[] declared = record.getRecordComponents();
        MethodHandle constructor = access.membersOf(record).constructor();
        if (declared.length == 0) {
            return MethodHandles.dropArguments(constructor, 0, Message.class);
        }
        MethodHandle[] readers = new MethodHandle[declared.length];
        for (int i = 0; i < declared.length; i++) {
            Class<?> type = declared[i].getType();
            readers[i] = type.isRecord() ? reader(type, order) : reader(order.next(), type);
        }
        MethodHandle ofMessages = MethodHandles.filterArguments(constructor, 0, readers);
        return MethodHandles.permuteArguments(
                ofMessages, MethodType.methodType(record, Message.class), new int[declared.length]);
    }

    private static MethodHandle reader(Component component, Class<?> type) {
        return bound(component, "read", MethodType.methodType(plain(type), Message.class))
                .asType(MethodType.methodType(type, Message.class));
    }

    private static Class<?> plain(Class<?> type) {
        return type.isEnum() ? Enum.class : type;
    }

    /** The component's own method of its kind. */
    private static MethodHandle bound(Component component, String verb, MethodType type) {
        String kind = component.kind().name();
        String name = verb + kind.charAt(0) + kind.substring(1).toLowerCase(Locale.ROOT);
        try {
            return LOOKUP.bind(component, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a component has a method " + name + " of type " + type, e);
        }
    }

    /** One handle that calls all of them with the same arguments; as deep as a tree is, not as a list is long. */
    private static MethodHandle inSequence(List<MethodHandle> handles) {
        if (handles.size() == 1) {
            return handles.get(0);
        }
        int half = handles.size() / 2;
        return MethodHandles.foldArguments(
                inSequence(handles.subList(half, handles.size())), inSequence(handles.subList(0, half)));
    }

    private static MethodHandle present(MethodHandle getter, Class<?> record, String component) {
        Class<?> type = getter.type().returnType();
        MethodHandle check = MethodHandles.insertArguments(PRESENT, 0, record.getSimpleName() + "." + component);
        return MethodHandles.filterReturnValue(getter, check.asType(MethodType.methodType(type, type)));
    }

    @SuppressWarnings("unused") // through PRESENT
    private static Object present(String component, Object nested) {
        if (nested == null) {
            throw new IllegalArgumentException(
                    "component " + component + " is null: of a record's components only a String and an enum may be");
        }
        return nested;
    }

    private static MethodHandle own(String name, MethodType type) {
        try {
            return LOOKUP.findStatic(RecordHandles.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
