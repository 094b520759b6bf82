package io.millrace.remote.wire;

import io.millrace.graph.Source;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Values of any type that travels, the same for the same seed. */
public final class RandomValues {
    private static final String[] TEXTS = {
        "",
        "a",
        "camera/frame -> detector/image",
        "Gr\u00f6\u00dfe",
        "\u65e5\u672c",
        "\ud83d\ude80 up",
        "half \ud83d alone",
        "\u0000"
    };
    private static final long[] NUMBERS = {0, 1, -1, 63, 64, -65, 8191, 1 << 20, Long.MAX_VALUE, Long.MIN_VALUE};

    private final Random random;

    public RandomValues(long seed) {
        random = new Random(seed);
    }

    public <T> T any(Class<T> type) {
        return type.cast(any((Type) type, 0));
    }

    /** The value with something in it, however deep, as it was not before; where what holds it refuses that, as it is. */
    public <T extends Record> T changed(T value) {
        @SuppressWarnings("unchecked") // a record of the same type
        T changed = (T) changed(value, value.getClass());
        return changed;
    }

    private Object changed(Object value, Type type) {
        if (value instanceof Record record && random.nextInt(8) > 0) {
            return changedWithin(record);
        }
        if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(8) > 0) {
            return changedWithin(list, ((ParameterizedType) type).getActualTypeArguments()[0]);
        }
        return any(type, 0);
    }

    private List<?> changedWithin(List<?> list, Type elements) {
        List<Object> changed = new ArrayList<>(list);
        int at = random.nextInt(changed.size());
        switch (random.nextInt(6)) {
            case 0 -> changed.remove(at);
            case 1 -> changed.add(changed.get(at));
            default -> changed.set(at, changed(changed.get(at), elements));
        }
        return changed;
    }

    private Object changedWithin(Record value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        if (components.length == 0) {
            return value;
        }
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getAccessor().invoke(value);
            }
            int at = random.nextInt(values.length);
            values[at] = changed(values[at], components[at].getGenericType());
            return value.getClass().getDeclaredConstructor(types(components)).newInstance(values);
        } catch (InvocationTargetException refused) {
            return value;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(value.getClass().getName(), e);
        }
    }

    private static Class<?>[] types(RecordComponent[] components) {
        return Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    }

    private Object any(Type type, int depth) {
        if (type instanceof ParameterizedType generic) {
            return container(generic, depth);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return record(plain, depth);
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
        }
        if (plain.isSealed()) {
            List<Class<?>> kinds = Arrays.stream(plain.getPermittedSubclasses())
                    .filter(kind -> kind != Source.SuppliedSource.class)
                    .toList();
            return any(kinds.get(random.nextInt(kinds.size())), depth);
        }
        return plain == Object.class ? configValue(depth) : scalar(plain);
    }

    private Object container(ParameterizedType generic, int depth) {
        Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
        if (generic.getRawType() == Optional.class) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(any(last, depth + 1));
        }
        int count = random.nextInt(depth > 6 ? 1 : 4);
        if (generic.getRawType() == List.class) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                list.add(any(last, depth + 1));
            }
            return list;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(text() + i, any(last, depth + 1));
        }
        return map;
    }

    private Object record(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        for (int attempt = 0; attempt < 100; attempt++) {
            Object[] values = Arrays.stream(components)
                    .map(component -> any(component.getGenericType(), depth + 1))
                    .toArray();
            try {
                return type.getDeclaredConstructor(types(components)).newInstance(values);
            } catch (InvocationTargetException refused) {
                // The record checks its components: others, then.
                if (!(refused.getCause() instanceof IllegalArgumentException)) {
                    throw new AssertionError(refused);
                }
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(type.getName(), e);
            }
        }
        throw new AssertionError("no value of " + type + " was accepted");
    }

    private Object scalar(Class<?> type) {
        if (type == String.class) {
            return text();
        }
        if (type == long.class || type == Long.class) {
            return number();
        }
        if (type == int.class || type == Integer.class) {
            return (int) number();
        }
        if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == double.class || type == Double.class) {
            return random.nextGaussian();
        }
        if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return bytes;
        }
        if (type == Duration.class) {
            return Duration.ofSeconds(number(), random.nextInt(1_000_000_000));
        }
        if (type == OptionalInt.class) {
            return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(100));
        }
        if (type == OptionalLong.class) {
            return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(number());
        }
        throw new AssertionError("no values of " + type);
    }

    private Object configValue(int depth) {
        return switch (random.nextInt(depth > 8 ? 6 : 8)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextInt();
            case 2 -> number();
            case 3 -> random.nextDouble();
            case 4 -> new BigInteger(random.nextInt(200), random).negate();
            case 5 -> text();
            case 6 -> List.of(configValue(depth + 1), configValue(depth + 1));
            default -> Map.of("x", configValue(depth + 1), "y", configValue(depth + 1));
        };
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private long number() {
        return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(1000);
    }
}
