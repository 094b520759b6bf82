package io.millrace.layout;

import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeFailure;
import org.jspecify.annotations.Nullable;

/** The one event of a node with its own loop, used again and again. Used by the node's thread only. */
public final class EventView extends Event {
    private Type type = Type.STOP;
    private @Nullable Input input;
    private @Nullable Message message;
    private @Nullable NodeFailure failure;
    private @Nullable String node;

    public EventView of(Type newType, @Nullable Input newInput, @Nullable Message newMessage) {
        type = newType;
        input = newInput;
        message = newMessage;
        failure = null;
        node = null;
        return this;
    }

    /** Most events are messages, and most of these come from the same input as the one before: then nothing needs to be stored. */
    public EventView ofMessage(Input newInput, Message newMessage) {
        return type == Type.INPUT && input == newInput && message == newMessage
                ? this
                : of(Type.INPUT, newInput, newMessage);
    }

    public EventView of(NodeFailure newFailure) {
        of(Type.NODE_FAILED, null, null);
        failure = newFailure;
        node = newFailure.node();
        return this;
    }

    public EventView ofRestarted(String newNode) {
        of(Type.NODE_RESTARTED, null, null);
        node = newNode;
        return this;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public Input input() {
        return present(input, "input");
    }

    @Override
    public Message message() {
        return present(message, "message");
    }

    @Override
    public NodeFailure failure() {
        return present(failure, "failure");
    }

    @Override
    public String node() {
        return present(node, "node");
    }

    private <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalStateException("an event of type " + type + " has no " + what);
        }
        return value;
    }

    @Override
    public String toString() {
        return input == null ? type.toString() : type + " " + input.name();
    }
}
