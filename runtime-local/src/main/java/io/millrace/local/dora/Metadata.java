package io.millrace.local.dora;

import io.millrace.node.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * What travels with a message beside its data. On the wire, version {@value #VERSION} of it.
 *
 * @param framing how the data is encoded, {@link #ARROW_IPC}; null where it is not said. dora has it among the parameters, and hides it from nodes
 * @param parameters all others
 */
public record Metadata(Timestamp timestamp, @Nullable String framing, Parameters parameters) {
    /** The version of metadata that this package reads and writes, as dora 1.x does. */
    public static final int VERSION = 2;

    /** What dora says of data that is a stream of Arrow's. */
    public static final String ARROW_IPC = "arrow-ipc";

    static final String FRAMING_NAME = "_framing";
    static final String SCHEMA_HASH_NAME = "_schema_hash";

    /** Of a message with data. */
    public static Metadata ofData(Timestamp timestamp, Parameters parameters) {
        return new Metadata(timestamp, ARROW_IPC, parameters);
    }

    /** Of a message without. */
    public static Metadata ofNothing(Timestamp timestamp, Parameters parameters) {
        return new Metadata(timestamp, null, parameters);
    }
}
