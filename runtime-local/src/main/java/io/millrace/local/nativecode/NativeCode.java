package io.millrace.local.nativecode;

import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;

/** A loaded library, with the operator that it has made and the memory through which it is called. Used by the node's thread only. */
final class NativeCode implements AutoCloseable {
    private static final int CONTINUE = 0;
    private static final int STOP_ALL = 2;

    private final Foreign foreign = Foreign.instance();
    private final Path file;
    private final Logger logger;
    private final AutoCloseable arena = foreign.newArena();
    private final MethodHandle init;
    private final MethodHandle onEvent;
    private final MethodHandle drop;
    private final Foreign.Block event;
    private final Foreign.Block input;
    private final Foreign.Block result;
    private final Object resultTarget;
    private final OutputGate outputs;
    private long operator;
    private boolean isMade;

    NativeCode(Path file, NodeContext context) throws NativeOperatorException {
        this.file = file;
        this.logger = context.logger();
        try {
            Object library = load();
            init = function(
                    library,
                    "dora_init_operator",
                    Foreign.Shape.of(Foreign.Value.PAIR),
                    MethodType.methodType(Object.class, Object.class));
            onEvent = function(
                    library,
                    "dora_on_event",
                    Foreign.Shape.of(Foreign.Value.PAIR, Foreign.Value.LONG, Foreign.Value.LONG, Foreign.Value.LONG),
                    MethodType.methodType(Object.class, Object.class, long.class, long.class, long.class));
            drop = function(
                    library,
                    "dora_drop_operator",
                    Foreign.Shape.of(Foreign.Value.LONG, Foreign.Value.LONG),
                    MethodType.methodType(long.class, long.class));
            LayoutCheck.check(file, library, arena);
            event = foreign.allocate(arena, OperatorLayout.EVENT_BYTES);
            input = foreign.allocate(arena, OperatorLayout.INPUT_BYTES);
            result = foreign.allocate(arena, OperatorLayout.RESULT_BYTES);
            resultTarget = foreign.target(result);
            outputs = new OutputGate(context, arena);
        } catch (Throwable t) { // nothing of it is left behind
            closeArena();
            throw t;
        }
    }

    private Object load() throws NativeOperatorException {
        try {
            return foreign.load(file, arena);
        } catch (IllegalArgumentException e) {
            throw new NativeOperatorException(
                    "shared library '" + file + "' cannot be loaded: " + e.getMessage()
                            + "; it has to be built for this machine, and what it needs has to be installed",
                    e);
        }
    }

    private MethodHandle function(Object library, String name, Foreign.Shape shape, MethodType type)
            throws NativeOperatorException {
        Object symbol = foreign.find(library, name).orElse(null);
        if (symbol == null) {
            throw new NativeOperatorException(
                    "shared library '" + file + "' has no function '" + name
                            + "': a dora operator has dora_init_operator, dora_on_event and dora_drop_operator, in Rust by register_operator!");
        }
        return foreign.function(symbol, shape).asType(type);
    }

    void init() throws NativeOperatorException {
        try {
            Object unused = init.invokeExact(resultTarget);
        } catch (Throwable t) {
            throw broken(t);
        }
        failIf(result.bytes().getLong(0));
        operator = result.bytes().getLong(8);
        isMade = true;
    }

    /** Returns whether the operator has ended. */
    boolean onInput(String id, Message message) throws NativeOperatorException {
        ArrowColumn column = column(id, message);
        ByteBuffer memory = input.bytes();
        ByteBuffer array = part(OperatorLayout.INPUT_ARRAY, OperatorLayout.ARRAY_BYTES);
        long schema = 0;
        try {
            RustText.write(id, memory, OperatorLayout.INPUT_ID);
            RustText.write(PayloadColumns.context(message), memory, OperatorLayout.INPUT_CONTEXT);
            schema = ArrowExport.schema(column, part(OperatorLayout.INPUT_SCHEMA, OperatorLayout.SCHEMA_BYTES));
            ArrowExport.array(column, array);
            memory.putLong(OperatorLayout.INPUT_HAS_DATA, 1);
            event.bytes().putLong(OperatorLayout.EVENT_INPUT, input.address());
            return call();
        } finally { // whatever there is of it, for memory may be used up at any of them
            event.bytes().putLong(OperatorLayout.EVENT_INPUT, 0);
            if (memory.getLong(OperatorLayout.INPUT_HAS_DATA) != 0) {
                memory.putLong(OperatorLayout.INPUT_HAS_DATA, 0);
                ArrowExport.releaseUntaken(array);
            }
            if (schema != 0) {
                ArrowExport.freeSchema(schema);
            }
            RustText.free(memory, OperatorLayout.INPUT_ID);
            RustText.free(memory, OperatorLayout.INPUT_CONTEXT);
        }
    }

    private static ArrowColumn column(String id, Message message) throws NativeOperatorException {
        try {
            return PayloadColumns.of(message);
        } catch (UnsupportedArrayException e) {
            throw new NativeOperatorException("input '" + id + "': " + e.getMessage(), e);
        }
    }

    private ByteBuffer part(int at, int bytes) {
        ByteBuffer memory = input.bytes();
        return memory.slice(at, bytes).order(memory.order());
    }

    boolean onInputClosed(String id) throws NativeOperatorException {
        RustText.write(id, event.bytes(), OperatorLayout.EVENT_CLOSED);
        try {
            return call();
        } finally {
            RustText.free(event.bytes(), OperatorLayout.EVENT_CLOSED);
            event.bytes().putLong(OperatorLayout.EVENT_CLOSED, 0);
        }
    }

    boolean onStop() throws NativeOperatorException {
        event.bytes().put(OperatorLayout.EVENT_STOP, (byte) 1);
        try {
            return call();
        } finally {
            event.bytes().put(OperatorLayout.EVENT_STOP, (byte) 0);
        }
    }

    private boolean call() throws NativeOperatorException {
        long gate = outputs.open();
        try {
            Object unused = onEvent.invokeExact(resultTarget, event.address(), gate, operator);
        } catch (Throwable t) {
            throw broken(t);
        } finally {
            outputs.close();
        }
        failIf(result.bytes().getLong(0));
        int status = result.bytes().get(8);
        if (status == STOP_ALL) {
            logger.warn(
                    "the operator asks to stop the whole dataflow, which does not happen, as under dora 1.x: only the operator ends");
        }
        return status != CONTINUE;
    }

    private static void failIf(long error) throws NativeOperatorException {
        if (error != 0) {
            throw new NativeOperatorException(RustText.unbox(error));
        }
    }

    private static RuntimeException broken(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call into a shared library has failed", thrown);
    }

    @Override
    public void close() throws NativeOperatorException {
        try {
            if (isMade) {
                isMade = false;
                failIf(foreign.callLong(drop, operator));
            }
        } finally {
            closeArena();
        }
    }

    private void closeArena() {
        try {
            arena.close();
        } catch (Exception e) {
            throw new IllegalStateException("shared library '" + file + "' cannot be unloaded", e);
        }
    }
}
