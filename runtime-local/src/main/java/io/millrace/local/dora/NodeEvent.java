package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node is told. */
public sealed interface NodeEvent {
    record Stop() implements NodeEvent {}

    /** The file of an operator has changed; null for the node's only one. */
    record Reload(@Nullable String operatorId) implements NodeEvent {}

    /** A message; null payload where it has no data, as a timer's tick. */
    record Input(
            String inputId, Metadata metadata, @Nullable Payload payload) implements NodeEvent {}

    record InputClosed(String inputId) implements NodeEvent {}

    record InputRecovered(String inputId) implements NodeEvent {}

    record NodeRestarted(String nodeId) implements NodeEvent {}

    record AllInputsClosed() implements NodeEvent {}

    record ParamUpdate(String key, ByteBuffer valueJson) implements NodeEvent {}

    record ParamDeleted(String key) implements NodeEvent {}

    /** A node upstream has failed: which inputs that concerns, and why. */
    record NodeFailed(List<String> inputIds, String error, String sourceNodeId) implements NodeEvent {}

    record ExtensionDropped(String namespace, String key) implements NodeEvent {}
}
