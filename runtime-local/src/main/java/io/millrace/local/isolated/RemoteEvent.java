package io.millrace.local.isolated;

import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeFailure;
import org.jspecify.annotations.Nullable;

/** An event of a node with its own loop, in its own JVM: used again for the next. */
final class RemoteEvent extends Event {
    private Type type = Type.STOP;
    private @Nullable Input input;
    private @Nullable Message message;
    private @Nullable NodeFailure failure;
    private @Nullable String node;

    RemoteEvent of(Type newType, @Nullable Input newInput, @Nullable Message newMessage) {
        type = newType;
        input = newInput;
        message = newMessage;
        failure = null;
        node = null;
        return this;
    }

    RemoteEvent of(NodeFailure newFailure) {
        of(Type.NODE_FAILED, null, null);
        failure = newFailure;
        node = newFailure.node();
        return this;
    }

    RemoteEvent ofRestarted(String restarted) {
        of(Type.NODE_RESTARTED, null, null);
        node = restarted;
        return this;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public Input input() {
        return known(input, "input");
    }

    @Override
    public Message message() {
        return known(message, "message");
    }

    @Override
    public NodeFailure failure() {
        return known(failure, "failure");
    }

    @Override
    public String node() {
        return known(node, "node");
    }

    private <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalStateException("event " + type + " has no " + what);
        }
        return value;
    }
}
