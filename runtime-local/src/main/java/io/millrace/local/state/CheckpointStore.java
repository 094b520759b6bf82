package io.millrace.local.state;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where checkpoints stay beyond the process. Used by one thread at a time. */
interface CheckpointStore {

    /** What the node or operator has left; null if nothing. */
    byte @Nullable [] read(String part) throws IOException;

    void write(String part, byte[] state) throws IOException;

    /** Removes what these have left. */
    void clear(Collection<String> parts);

    /** Idempotent. */
    void close();

    /** One that somebody else keeps, who also knows when nothing of it is wanted any more. */
    static CheckpointStore of(Function<String, Optional<byte[]>> restored, BiConsumer<String, byte[]> kept) {
        return new CheckpointStore() {
            @Override
            public byte @Nullable [] read(String part) {
                return restored.apply(part).orElse(null);
            }

            @Override
            public void write(String part, byte[] state) {
                kept.accept(part, state);
            }

            @Override
            public void clear(Collection<String> parts) {}

            @Override
            public void close() {}

            @Override
            public String toString() {
                return "where the part's owner keeps it";
            }
        };
    }
}
