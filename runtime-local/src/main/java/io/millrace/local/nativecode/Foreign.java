package io.millrace.local.nativecode;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Java's foreign function API, as far as it is used here, without naming its types: they are {@link Object} to whoever calls this, and addresses are longs, which are
 * passed as pointers are on every system that Java knows. Any thread.
 */
final class Foreign {
    private static final String PACKAGE = "java.lang.foreign.";

    private final MethodHandles.Lookup lookup = MethodHandles.lookup();

    private final Class<?> segmentType = type("MemorySegment");
    private final Class<?> layoutType = type("MemoryLayout");
    private final Class<?> descriptorType = type("FunctionDescriptor");
    private final Class<?> arenaType = type("Arena");
    private final Class<?> linkerType = type("Linker");
    private final Class<?> optionsType = type("Linker$Option").arrayType();
    private final Class<?> symbolsType = type("SymbolLookup");
    private final Class<?> allocatorType = type("SegmentAllocator");

    private final Object linker = call(staticMethod(linkerType, "nativeLinker", linkerType));
    private final Object noOptions = Array.newInstance(optionsType.getComponentType(), 0);
    private final Object globalArena = call(staticMethod(arenaType, "global", arenaType));

    private final MethodHandle ofAddress = staticMethod(segmentType, "ofAddress", segmentType, long.class)
            .asType(MethodType.methodType(Object.class, long.class));
    private final MethodHandle reinterpret = method(segmentType, "reinterpret", segmentType, long.class)
            .asType(MethodType.methodType(Object.class, Object.class, long.class));
    private final MethodHandle asByteBuffer = method(segmentType, "asByteBuffer", ByteBuffer.class)
            .asType(MethodType.methodType(ByteBuffer.class, Object.class));
    private final MethodHandle address =
            method(segmentType, "address", long.class).asType(MethodType.methodType(long.class, Object.class));

    private final MethodHandle ofBuffer = staticMethod(segmentType, "ofBuffer", segmentType, Buffer.class)
            .asType(MethodType.methodType(Object.class, ByteBuffer.class));

    private final MethodHandle malloc =
            function(symbol("malloc"), Shape.of(Value.LONG, Value.LONG)).asType(longs(long.class, 1));
    private final MethodHandle free =
            function(symbol("free"), Shape.ofVoid(Value.LONG)).asType(longs(void.class, 1));
    private final MethodHandle release =
            pointer(Shape.ofVoid(Value.LONG)).asType(MethodType.methodType(void.class, Object.class, long.class));

    /** What a native function takes or returns. */
    enum Value {
        LONG,
        /** Sixteen bytes: a pointer, and a pointer or a byte. */
        PAIR,
        /** {@link OperatorLayout#OUTPUT_BYTES}, by value. */
        OUTPUT
    }

    /** A native function's type. */
    record Shape(Optional<Value> result, List<Value> arguments) {
        static Shape of(Value result, Value... arguments) {
            return new Shape(Optional.of(result), List.of(arguments));
        }

        static Shape ofVoid(Value... arguments) {
            return new Shape(Optional.empty(), List.of(arguments));
        }
    }

    /** Memory that is freed with its arena. */
    record Block(Object segment, long address, ByteBuffer bytes) {}

    /** Made at first use. */
    private static final class Holder {
        static final Foreign INSTANCE = new Foreign();
    }

    private Foreign() {}

    /** @throws ForeignAccessException if it is not there, or the JVM was told not to allow native code */
    static Foreign instance() {
        try {
            return Holder.INSTANCE;
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ForeignAccessException(
                    "this JVM does not let us call native code (" + cause + "): start it with " + NativeAccess.flag(),
                    cause);
        }
    }

    // Memory.

    /** Memory and libraries live as long as this; any thread closes it. */
    AutoCloseable newArena() {
        return (AutoCloseable) call(staticMethod(arenaType, "ofShared", arenaType));
    }

    /** Zeroed, and aligned to 64 bytes. */
    Block allocate(AutoCloseable arena, long bytes) {
        Object segment = call(method(arenaType, "allocate", segmentType, long.class, long.class), arena, bytes, 64L);
        return new Block(segment, addressOf(segment), bytesOf(segment));
    }

    /** What is at an address; nobody checks that it is there. */
    ByteBuffer view(long at, long bytes) {
        try {
            return bytesOf((Object) reinterpret.invokeExact((Object) ofAddress.invokeExact(at), bytes));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    ByteBuffer bytesOf(Object segment) {
        try {
            return ((ByteBuffer) asByteBuffer.invokeExact(segment)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Of its first byte, whatever its position. */
    long addressOf(ByteBuffer memory) {
        try {
            return addressOf((Object) ofBuffer.invokeExact(memory.duplicate().rewind()));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private long addressOf(Object segment) {
        try {
            return (long) address.invokeExact(segment);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Of C's heap, where dora's library takes memory as well: what one side has taken the other may free. */
    long malloc(long bytes) {
        try {
            long at = (long) malloc.invokeExact(Math.max(1, bytes));
            if (at == 0) {
                throw new IllegalStateException("there is no native memory of " + bytes + " bytes");
            }
            return at;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    void free(long at) {
        try {
            free.invokeExact(at);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Calls a native function that takes and returns longs. For what is called seldom. */
    long callLong(MethodHandle function, Object... arguments) {
        return (long) call(function, arguments);
    }

    /** Calls a function that takes a pointer and returns nothing. */
    void callRelease(Object function, long argument) {
        try {
            release.invokeExact(function, argument);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Calls a function that takes a pointer and returns nothing. */
    void callRelease(long function, long argument) {
        try {
            release.invokeExact((Object) ofAddress.invokeExact(function), argument);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // Functions.

    /**
     * Loads a library, until the arena is closed.
     *
     * @throws IllegalArgumentException if the system cannot load it
     */
    Object load(Path library, AutoCloseable arena) {
        return call(staticMethod(symbolsType, "libraryLookup", symbolsType, Path.class, arenaType), library, arena);
    }

    /** A function of a library. */
    Optional<?> find(Object library, String name) {
        return (Optional<?>) call(method(symbolsType, "find", Optional.class, String.class), library, name);
    }

    /** Calls a native function; a {@link Value#PAIR} that it returns goes to where the first argument, of {@link #target}, says. */
    MethodHandle function(Object symbol, Shape shape) {
        MethodHandle maker =
                method(linkerType, "downcallHandle", MethodHandle.class, segmentType, descriptorType, optionsType);
        return (MethodHandle) call(maker, linker, symbol, descriptor(shape), noOptions);
    }

    /** As {@link #function}, with the function's address, a segment, as its first argument. */
    private MethodHandle pointer(Shape shape) {
        MethodHandle maker = method(linkerType, "downcallHandle", MethodHandle.class, descriptorType, optionsType);
        return (MethodHandle) call(maker, linker, descriptor(shape), noOptions);
    }

    /** Where a {@link Value#PAIR} goes that a function returns. */
    Object target(Block block) {
        return call(staticMethod(allocatorType, "prefixAllocator", allocatorType, segmentType), block.segment());
    }

    /** The address of a native function that calls {@code target}, which must not throw: that would end the JVM. */
    long callback(MethodHandle target, Shape shape, AutoCloseable arena) {
        return callback(target, shape, (Object) arena);
    }

    /** As {@link #callback}, for as long as the JVM runs. */
    long lastingCallback(MethodHandle target, Shape shape) {
        return callback(target, shape, globalArena);
    }

    private long callback(MethodHandle target, Shape shape, Object arena) {
        List<Class<?>> arguments =
                shape.arguments().stream().<Class<?>>map(this::carrier).toList();
        Class<?> result = shape.result().<Class<?>>map(this::carrier).orElse(void.class);
        MethodHandle maker = method(
                linkerType, "upcallStub", segmentType, MethodHandle.class, descriptorType, arenaType, optionsType);
        MethodHandle typed = target.asType(MethodType.methodType(result, arguments));
        return addressOf(call(maker, linker, typed, descriptor(shape), arena, noOptions));
    }

    private Class<?> carrier(Value value) {
        return value == Value.LONG ? long.class : segmentType;
    }

    private Object symbol(String name) {
        Object defaults = call(method(linkerType, "defaultLookup", symbolsType), linker);
        return find(defaults, name)
                .orElseThrow(() -> new IllegalStateException("the system's C library has no '" + name + "'"));
    }

    private Object descriptor(Shape shape) {
        Object arguments = Array.newInstance(layoutType, shape.arguments().size());
        for (int i = 0; i < shape.arguments().size(); i++) {
            Array.set(arguments, i, layout(shape.arguments().get(i)));
        }
        Class<?> layouts = layoutType.arrayType();
        if (shape.result().isEmpty()) {
            return call(staticMethod(descriptorType, "ofVoid", descriptorType, layouts), arguments);
        }
        Object result = layout(shape.result().get());
        return call(staticMethod(descriptorType, "of", descriptorType, layoutType, layouts), result, arguments);
    }

    private Object layout(Value value) {
        return switch (value) {
            case LONG -> longLayout();
            case PAIR -> longsLayout(2);
            case OUTPUT -> longsLayout(OperatorLayout.OUTPUT_BYTES / Long.BYTES);
        };
    }

    private Object longsLayout(int count) {
        Object members = Array.newInstance(layoutType, count);
        for (int i = 0; i < count; i++) {
            Array.set(members, i, longLayout());
        }
        Class<?> struct = type("StructLayout");
        return call(staticMethod(layoutType, "structLayout", struct, layoutType.arrayType()), members);
    }

    private Object longLayout() {
        try {
            return lookup.findStaticGetter(type("ValueLayout"), "JAVA_LONG", type("ValueLayout$OfLong"))
                    .invoke();
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // Handles.

    private static Class<?> type(String name) {
        try {
            return Class.forName(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this Java has no " + PACKAGE + name, e);
        }
    }

    /** Found by this class, in whose name the JVM then judges whether native code may be called. */
    private MethodHandle method(Class<?> in, String name, Class<?> result, Class<?>... arguments) {
        try {
            return lookup.findVirtual(in, name, MethodType.methodType(result, arguments))
                    .asFixedArity();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java's " + in.getName() + " is not the one we know", e);
        }
    }

    private MethodHandle staticMethod(Class<?> in, String name, Class<?> result, Class<?>... arguments) {
        try {
            return lookup.findStatic(in, name, MethodType.methodType(result, arguments))
                    .asFixedArity();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java's " + in.getName() + " is not the one we know", e);
        }
    }

    private static MethodType longs(Class<?> result, int count) {
        return MethodType.methodType(result, Collections.nCopies(count, long.class));
    }

    private static Object call(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException known) {
            return known;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call into native code has failed", thrown);
    }
}
