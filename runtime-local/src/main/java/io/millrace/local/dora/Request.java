package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a node asks of who runs it. All but {@link SendMessage} and {@link OutputSent} get exactly one reply, in the order of the requests. */
public sealed interface Request {
    /** Whether the node waits for a reply. */
    default boolean wantsReply() {
        return true;
    }

    /**
     * The first on each connection.
     *
     * @param doraVersion of the node's library
     */
    record Register(UUID dataflowId, String nodeId, String doraVersion, int metadataVersion) implements Request {}

    /** The node is ready; answered when all are. */
    record Subscribe() implements Request {}

    /** A message of an output. The payload is a piece of the frame it came in; null where there is no data. */
    record SendMessage(
            String outputId, Metadata metadata, @Nullable Payload payload) implements Request {
        @Override
        public boolean wantsReply() {
            return false;
        }
    }

    /** A message went to other nodes directly. */
    record OutputSent(String outputId, Metadata metadata) implements Request {
        @Override
        public boolean wantsReply() {
            return false;
        }
    }

    /** The node sends no more on these; there may be none of them. */
    record CloseOutputs(List<String> outputIds) implements Request {}

    /** The node sends no more at all. */
    record OutputsDone() implements Request {}

    /** The node has room for events; answered when there is one. */
    record NextEvent() implements Request {}

    /** The node wants no more events. */
    record EventStreamDropped() implements Request {}

    /** A node that was started by hand asks, on the port for such, how it is to be run. */
    record Configuration(String nodeId) implements Request {}

    record ExtensionStore(String namespace, String key, ByteBuffer value) implements Request {}

    record ExtensionLoad(String namespace, String key, boolean remove) implements Request {}

    record ExtensionDrop(String namespace, String key) implements Request {}

    record ExtensionRequest(String namespace, ByteBuffer payload) implements Request {}

    /** Of a later version: its fields are not known, nor whether it wants a reply. */
    record Unknown(long index) implements Request {}
}
