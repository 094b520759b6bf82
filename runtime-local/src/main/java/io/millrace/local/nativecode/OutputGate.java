package io.millrace.local.nativecode;

import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an operator calls to send. Nothing that is thrown may get back into native code: the operator is told instead, and what is worse fails the node behind the callback. */
final class OutputGate {
    private static final MethodType SEND = MethodType.methodType(long.class, long.class, Object.class);
    private static final long NOBODY = 1;
    private static final long SUCCESS = 0;
    private static final long IGNORE = Foreign.instance()
            .lastingCallback(
                    find(MethodHandles.lookup(), "ignore", MethodType.methodType(void.class, long.class)),
                    Foreign.Shape.ofVoid(Foreign.Value.LONG));

    private final Foreign foreign = Foreign.instance();
    private final Map<String, Output> outputs = new HashMap<>();
    private final String nodeId;
    private final Foreign.Block block;
    private @Nullable Thread caller;
    private @Nullable Throwable failure;

    OutputGate(NodeContext context, AutoCloseable arena) {
        nodeId = context.nodeId();
        context.outputs().forEach(output -> outputs.put(output.id(), output));
        block = struct(arena, virtual("send"));
    }

    /** A {@code SendOutput} that calls {@code target} and is not counted. */
    static Foreign.Block struct(AutoCloseable arena, MethodHandle target) {
        Foreign foreign = Foreign.instance();
        Foreign.Shape shape = Foreign.Shape.of(Foreign.Value.LONG, Foreign.Value.LONG, Foreign.Value.OUTPUT);
        Foreign.Block made = foreign.allocate(arena, OperatorLayout.SEND_BYTES);
        made.bytes()
                .putLong(0, NOBODY)
                .putLong(8, foreign.callback(target, shape, arena))
                .putLong(16, IGNORE)
                .putLong(24, IGNORE);
        return made;
    }

    private MethodHandle virtual(String name) {
        try {
            return MethodHandles.lookup().bind(this, name, SEND);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("our own method is not there", e);
        }
    }

    private static MethodHandle find(MethodHandles.Lookup lookup, String name, MethodType type) {
        try {
            return lookup.findStatic(OutputGate.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("our own method is not there", e);
        }
    }

    /** The life of what an operator sends by is the callback's, however often it is counted. */
    @SuppressWarnings("unused")
    private static void ignore(long nobody) {}

    /** For one callback, on this thread. */
    long open() {
        caller = Thread.currentThread();
        return block.address();
    }

    /** Behind the callback; throws what the operator could not be told. */
    void close() {
        caller = null;
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new IllegalStateException("what an operator sent could not be taken", thrown);
        }
    }

    /** Called by native code, which hands over all that is in {@code output}. */
    @SuppressWarnings("unused")
    private long send(long nobody, Object output) {
        try {
            ByteBuffer memory = foreign.bytesOf(output);
            try {
                return send(memory);
            } finally {
                release(memory);
            }
        } catch (Throwable t) { // an operator that is told of it may still go on; the node shall not
            return refuse(t);
        }
    }

    private long send(ByteBuffer memory) {
        if (Thread.currentThread() != caller) {
            return RustText.box(
                    "node '" + nodeId + "': an operator sends within on_event, on the thread that calls it");
        }
        String id = RustText.read(memory, OperatorLayout.OUTPUT_ID);
        Output output = outputs.get(id);
        if (output == null) {
            return RustText.box("node '" + nodeId + "' has no output '" + id + "': its outputs are "
                    + new TreeSet<>(outputs.keySet()));
        }
        try {
            ByteBuffer array = memory.slice(OperatorLayout.OUTPUT_ARRAY, OperatorLayout.ARRAY_BYTES)
                    .order(memory.order());
            ByteBuffer schema = memory.slice(OperatorLayout.OUTPUT_SCHEMA, OperatorLayout.SCHEMA_BYTES)
                    .order(memory.order());
            ArrowColumn column = ArrowImport.read(array, schema);
            PayloadColumns.send(column, RustText.read(memory, OperatorLayout.OUTPUT_CONTEXT), output);
            return SUCCESS;
        } catch (IllegalArgumentException e) {
            return RustText.box("output '" + output.name() + "': " + e.getMessage());
        }
    }

    private long refuse(Throwable thrown) {
        if (Thread.currentThread() == caller && failure == null) {
            failure = thrown;
        }
        try {
            return RustText.box(String.valueOf(thrown));
        } catch (Throwable t) { // there is no memory even to say so; the failure is noted
            thrown.addSuppressed(t);
            return SUCCESS;
        }
    }

    static void release(ByteBuffer memory) {
        release(memory, OperatorLayout.OUTPUT_ARRAY + OperatorLayout.ARRAY_RELEASE, OperatorLayout.OUTPUT_ARRAY);
        release(memory, OperatorLayout.OUTPUT_SCHEMA + OperatorLayout.SCHEMA_RELEASE, OperatorLayout.OUTPUT_SCHEMA);
        RustText.free(memory, OperatorLayout.OUTPUT_ID);
        RustText.free(memory, OperatorLayout.OUTPUT_CONTEXT);
    }

    /** By the producer's own function, which is told where the structure stands. */
    private static void release(ByteBuffer memory, int functionAt, int at) {
        long function = memory.getLong(functionAt);
        if (function != 0) {
            Foreign.instance().callRelease(function, Foreign.instance().addressOf(memory) + at);
        }
    }
}
