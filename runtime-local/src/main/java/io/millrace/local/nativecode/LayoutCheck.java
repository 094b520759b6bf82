package io.millrace.local.nativecode;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Asks a library where it expects the fields of dora's structs that have no layout by C's rules: has it read an input's id, and send an output, by the functions that
 * dora's library for C brings, and its library for Rust as well. Memory is such that it is harmless to look in the wrong place. A library that does not bring these functions is believed.
 */
final class LayoutCheck {
    private static final String ID = "millrace";
    private static final int COUNT = 5;

    private final Foreign foreign = Foreign.instance();
    private final Path file;
    private final Object library;
    private boolean isSeen;

    private LayoutCheck(Path file, Object library) {
        this.file = file;
        this.library = library;
    }

    /** @throws NativeOperatorException if the library disagrees */
    static void check(Path file, Object library, AutoCloseable arena) throws NativeOperatorException {
        new LayoutCheck(file, library).check(arena);
    }

    private void check(AutoCloseable arena) throws NativeOperatorException {
        var read = foreign.find(library, "dora_read_input_id");
        var free = foreign.find(library, "dora_free_input_id");
        if (read.isPresent() && free.isPresent()) {
            checkInput(read.get(), free.get(), arena);
        }
        var send = foreign.find(library, "dora_send_operator_output");
        if (send.isPresent()) {
            checkOutput(send.get(), arena);
        }
    }

    private void checkInput(Object read, Object free, AutoCloseable arena) throws NativeOperatorException {
        Foreign.Block input = foreign.allocate(arena, OperatorLayout.INPUT_BYTES);
        Foreign.Block id = text(arena);
        input.bytes()
                .putLong(OperatorLayout.INPUT_ID, id.address())
                .putLong(OperatorLayout.INPUT_ID + OperatorLayout.STRING_LENGTH, ID.length());
        long found = foreign.callLong(
                foreign.function(read, Foreign.Shape.of(Foreign.Value.LONG, Foreign.Value.LONG)), input.address());
        boolean isSame = found != 0 && isId(foreign.view(found, ID.length() + 1L));
        if (found != 0) {
            foreign.callRelease(free, found);
        }
        if (!isSame) {
            throw disagrees("an input's id");
        }
    }

    private Foreign.Block text(AutoCloseable arena) {
        Foreign.Block text = foreign.allocate(arena, ID.length() + 1L);
        text.bytes().put(0, ID.getBytes(StandardCharsets.US_ASCII));
        return text;
    }

    private static boolean isId(ByteBuffer text) {
        for (int i = 0; i < ID.length(); i++) {
            if (text.get(i) != ID.charAt(i)) {
                return false;
            }
        }
        return text.get(ID.length()) == 0;
    }

    private void checkOutput(Object send, AutoCloseable arena) throws NativeOperatorException {
        Foreign.Block gate = OutputGate.struct(arena, bind());
        Foreign.Block id = text(arena);
        MethodHandle function = foreign.function(
                send,
                Foreign.Shape.of(
                        Foreign.Value.LONG,
                        Foreign.Value.LONG,
                        Foreign.Value.LONG,
                        Foreign.Value.LONG,
                        Foreign.Value.LONG));
        long error = foreign.callLong(function, gate.address(), id.address(), id.address(), COUNT);
        if (!isSeen || error != 0) {
            throw disagrees("an output");
        }
    }

    private MethodHandle bind() {
        try {
            return MethodHandles.lookup()
                    .bind(this, "look", MethodType.methodType(long.class, long.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("our own method is not there", e);
        }
    }

    /** Called by native code with an output: whether numbers that are known stand where they should is seen without following a pointer. */
    @SuppressWarnings("unused")
    private long look(long nobody, Object output) {
        try {
            ByteBuffer memory = foreign.bytesOf(output);
            isSeen = memory.getLong(OperatorLayout.OUTPUT_ID + OperatorLayout.STRING_LENGTH) == ID.length()
                    && memory.getLong(OperatorLayout.OUTPUT_CONTEXT + OperatorLayout.STRING_LENGTH) == 0
                    && memory.getLong(OperatorLayout.OUTPUT_ARRAY + OperatorLayout.ARRAY_LENGTH) == COUNT
                    && memory.getLong(OperatorLayout.OUTPUT_ARRAY + OperatorLayout.ARRAY_BUFFER_COUNT) == 2
                    && memory.getLong(OperatorLayout.OUTPUT_SCHEMA + OperatorLayout.SCHEMA_CHILD_COUNT) == 0;
            if (isSeen) {
                OutputGate.release(memory);
            }
        } catch (Throwable t) { // what comes out of here ends the JVM
            isSeen = false;
        }
        return 0;
    }

    private NativeOperatorException disagrees(String about) {
        return new NativeOperatorException("shared library '" + file + "' has " + about
                + " elsewhere than dora-operator-api 1.x built by a Rust of 1.95 has: build it with these");
    }
}
