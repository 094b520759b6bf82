package io.millrace.local.nativecode;

import io.millrace.local.code.EndsItself;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operator of dora's that is a shared library, as an operator of this runtime. The library is loaded for one incarnation. Of dora's events it hears of inputs, of inputs
 * that have closed, and of the stop; it ends when its callback says so.
 */
public final class NativeOperator implements Operator, EndsItself {
    private static final String REFERENCE = "shared-library:";

    private final Path file;
    private @Nullable NativeCode code;
    private boolean hasEnded;

    /** @param file of the library, absolute; loaded by {@code open} */
    public NativeOperator(Path file) {
        this.file = file;
    }

    /** What stands for the library where a class is named. */
    public static String reference(Path file) {
        return REFERENCE + file;
    }

    /** Whether {@link #reference} has made it, and of which file. */
    public static Optional<Path> referenced(String reference) {
        return reference.startsWith(REFERENCE)
                ? Optional.of(Path.of(reference.substring(REFERENCE.length())))
                : Optional.empty();
    }

    @Override
    public void open(NodeContext context) throws Exception {
        NativeCode loaded = new NativeCode(file, context);
        code = loaded;
        loaded.init();
    }

    private NativeCode code() {
        if (code == null) {
            throw new IllegalStateException("an operator is called that is not open");
        }
        return code;
    }

    @Override
    public void onInput(Input input, Message message) throws Exception {
        if (!hasEnded) { // else it is what was left of a batch
            hasEnded = code().onInput(input.id(), message);
        }
    }

    @Override
    public void onInputClosed(Input input) throws Exception {
        hasEnded = code().onInputClosed(input.id());
    }

    @Override
    public void onStop() throws Exception {
        hasEnded = code().onStop();
    }

    @Override
    public boolean hasEnded() {
        return hasEnded;
    }

    @Override
    public void close() throws Exception {
        NativeCode closing = code;
        code = null;
        if (closing != null) {
            closing.close();
        }
    }
}
