package io.millrace.remote.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes Ctrl-C and its like: the first one asks, a second one ends the process at once.
 *
 * <p>A shutdown hook could not do that: once the JVM is on its way down it takes no notice of further signals. So this listens for signals themselves, through {@code
 * sun.misc.Signal}: by reflection, since no compiler warning about it can be turned off.
 */
final class StopSignals implements AutoCloseable {
    private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15, "HUP", 1);

    private final Map<String, Object> replaced = new LinkedHashMap<>();

    // Guarded by this.
    private int received;
    private IntConsumer onFirst;
    private IntConsumer onSecond;

    private StopSignals(IntConsumer onFirst, IntConsumer onSecond) {
        this.onFirst = onFirst;
        this.onSecond = onSecond;
    }

    /** Both are called on a thread of the JVM's with the signal's number, and must not block. */
    static StopSignals listen(IntConsumer onFirst, IntConsumer onSecond) {
        StopSignals signals = new StopSignals(onFirst, onSecond);
        for (String name : List.of("INT", "TERM", "HUP")) {
            signals.take(name);
        }
        return signals;
    }

    /** From now on they mean something else. A first one that came before means that as well, and is told of by the caller's thread. */
    void instead(IntConsumer first, IntConsumer second) {
        int before;
        synchronized (this) {
            onFirst = first;
            onSecond = second;
            before = received;
        }
        if (before != 0) {
            first.accept(before);
        }
    }

    /** The number of the first signal; 0 if there was none. */
    synchronized int received() {
        return received;
    }

    /** Also to act as if one had come. */
    void onSignal(int number) {
        meaning(number).accept(number); // without the lock: it may have to wait for the screen
    }

    private synchronized IntConsumer meaning(int number) {
        if (received != 0) {
            return onSecond;
        }
        received = number;
        return onFirst;
    }

    private void take(String name) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            int number = NUMBERS.getOrDefault(name, 0);
            Object handler = Proxy.newProxyInstance(
                    handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == handlerType) {
                            onSignal(number);
                            return null;
                        }
                        return switch (method.getName()) {
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "handler of SIG" + name;
                        };
                    });
            Object before = handle(name, handler);
            if (before != null) {
                replaced.put(name, before);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this Java has no module jdk.unsupported, which has signals", e);
        }
    }

    /** @return the handler that was replaced; null where the JVM was told to leave the signal alone, as by {@code nohup} or {@code -Xrs} */
    private static @Nullable Object handle(String name, Object handler) throws ClassNotFoundException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        try {
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            return signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                return null;
            }
            throw new IllegalStateException("cannot listen for SIG" + name, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot listen for SIG" + name, e);
        }
    }

    /** Gives the signals back to whom they belonged. */
    @Override
    public void close() {
        replaced.forEach((name, handler) -> {
            try {
                handle(name, handler);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("signals were there before", e);
            }
        });
    }
}
