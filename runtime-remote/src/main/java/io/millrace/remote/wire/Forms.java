package io.millrace.remote.wire;

import io.millrace.graph.Source;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Finds the form of a type and of all that it holds, by reflection, once. */
final class Forms {
    private static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);
    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private static final Map<Class<?>, Form> SCALARS = Map.ofEntries(
            Map.entry(boolean.class, ScalarForm.BOOLEAN),
            Map.entry(Boolean.class, ScalarForm.BOOLEAN),
            Map.entry(byte.class, ScalarForm.BYTE),
            Map.entry(Byte.class, ScalarForm.BYTE),
            Map.entry(short.class, ScalarForm.SHORT),
            Map.entry(Short.class, ScalarForm.SHORT),
            Map.entry(char.class, ScalarForm.CHAR),
            Map.entry(Character.class, ScalarForm.CHAR),
            Map.entry(int.class, ScalarForm.INT),
            Map.entry(Integer.class, ScalarForm.INT),
            Map.entry(long.class, ScalarForm.LONG),
            Map.entry(Long.class, ScalarForm.LONG),
            Map.entry(float.class, ScalarForm.FLOAT),
            Map.entry(Float.class, ScalarForm.FLOAT),
            Map.entry(double.class, ScalarForm.DOUBLE),
            Map.entry(Double.class, ScalarForm.DOUBLE),
            Map.entry(String.class, ScalarForm.TEXT),
            Map.entry(byte[].class, ScalarForm.BYTES),
            Map.entry(Duration.class, ScalarForm.DURATION),
            Map.entry(OptionalInt.class, ScalarForm.OPTIONAL_INT),
            Map.entry(OptionalLong.class, ScalarForm.OPTIONAL_LONG),
            Map.entry(OptionalDouble.class, ScalarForm.OPTIONAL_DOUBLE),
            Map.entry(Object.class, AnyForm.ANY));

    private final MethodHandles.Lookup lookup;
    private final Map<Class<?>, Form> known = new HashMap<>(SCALARS);

    Forms(MethodHandles.Lookup lookup) {
        this.lookup = lookup;
    }

    /** @throws IllegalArgumentException if a type in it cannot be written */
    Form of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return container(generic);
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalArgumentException(
                    "type " + type + " cannot be written: expected a type without variables");
        }
        Form form = known.get(plain);
        return form != null ? form : made(plain);
    }

    private Form container(ParameterizedType generic) {
        Type[] arguments = generic.getActualTypeArguments();
        Type raw = generic.getRawType();
        if (raw == List.class) {
            return new ListForm(of(arguments[0]));
        }
        if (raw == Optional.class) {
            return new OptionalForm(of(arguments[0]));
        }
        if (raw == Map.class && arguments[0] == String.class) {
            Form values = of(arguments[1]);
            return values == AnyForm.ANY ? MapForm.inItsOrder(values) : MapForm.sorted(values);
        }
        throw new IllegalArgumentException(
                "type " + generic + " cannot be written: expected List, Optional or Map from String");
    }

    private Form made(Class<?> type) {
        if (type.isRecord()) {
            return record(type);
        }
        if (type.isEnum()) {
            EnumForm form = new EnumForm(type);
            known.put(type, form);
            return form;
        }
        if (type.isSealed() && type.isInterface()) {
            ChoiceForm form = new ChoiceForm(type);
            known.put(type, form);
            addKinds(form, type);
            return form;
        }
        throw new IllegalArgumentException("type " + type.getName()
                + " cannot be written: expected a record, an enum, a sealed interface of records or a plain value");
    }

    private void addKinds(ChoiceForm form, Class<?> sealed) {
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            if (kind == Source.SuppliedSource.class) {
                continue; // a node supplied in code stays where it is: GraphForm says so
            }
            if (kind.isRecord()) {
                form.add(kind.getSimpleName(), of(kind));
            } else if (kind.isSealed() && kind.isInterface()) {
                addKinds(form, kind);
            } else {
                throw new IllegalArgumentException(kind.getName() + " cannot be written: it is no record");
            }
        }
    }

    private Form record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        RecordForm form = new RecordForm(type, constructor(type, components));
        known.put(type, form);
        List<RecordForm.Part> parts = new ArrayList<>();
        for (RecordComponent component : components) {
            try {
                parts.add(new RecordForm.Part(component.getName(), getter(component), of(component.getGenericType())));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        type.getSimpleName() + "." + component.getName() + ": " + e.getMessage(), e);
            }
        }
        form.complete(parts);
        return form;
    }

    private MethodHandle constructor(Class<?> type, RecordComponent[] components) {
        MethodType declared = MethodType.methodType(void.class);
        for (RecordComponent component : components) {
            declared = declared.appendParameterTypes(component.getType());
        }
        try {
            return lookup.findConstructor(type, declared)
                    .asSpreader(Object[].class, components.length)
                    .asType(CONSTRUCTOR);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " cannot be made from here: " + e.getMessage(), e);
        }
    }

    private MethodHandle getter(RecordComponent component) {
        try {
            return lookup.unreflect(component.getAccessor()).asType(GETTER);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("cannot be read from here: " + e.getMessage(), e);
        }
    }
}
