package io.millrace.testkit;

import io.millrace.layout.MessageView;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeFailure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Something that happens to the code under test, once. Used by the test's thread only. */
final class TestEvent extends Event {
    private final Type type;
    private final @Nullable TestInput input;
    private final @Nullable ByteBuffer record;
    private final @Nullable NodeFailure failure;
    private final @Nullable String node;
    private final MessageView view;
    private boolean expired;

    private TestEvent(
            Type type,
            @Nullable TestInput input,
            @Nullable ByteBuffer record,
            @Nullable NodeFailure failure,
            @Nullable String node) {
        this.type = type;
        this.input = input;
        this.record = record;
        this.failure = failure;
        this.node = node;
        this.view = input == null ? new MessageView() : new MessageView(input.retained());
    }

    static TestEvent message(TestInput input, ByteBuffer record) {
        return new TestEvent(Type.INPUT, input, record, null, null);
    }

    static TestEvent ofInput(Type type, TestInput input) {
        return new TestEvent(type, input, null, null, null);
    }

    static TestEvent of(Type type) {
        return new TestEvent(type, null, null, null, null);
    }

    static TestEvent failed(NodeFailure failure) {
        return new TestEvent(Type.NODE_FAILED, null, null, failure, failure.node());
    }

    static TestEvent restarted(String node) {
        return new TestEvent(Type.NODE_RESTARTED, null, null, null, node);
    }

    /** Makes the message readable: the event is handed out now. */
    TestEvent show() {
        if (record != null) {
            view.wrap(record.asReadOnlyBuffer().order(record.order()), 0, null);
        }
        return this;
    }

    /** The next event was asked for: whoever still holds this one, or its message, is told so. */
    void expire() {
        expired = true;
        view.invalidate();
        if (record != null) {
            Records.scribble(record);
        }
    }

    TestInput testInput() {
        return present(input, "input");
    }

    ByteBuffer record() {
        return present(record, "message");
    }

    @Override
    public Type type() {
        checkValid();
        return type;
    }

    @Override
    public Input input() {
        checkValid();
        return present(input, "input");
    }

    @Override
    public Message message() {
        checkValid();
        present(record, "message");
        return view;
    }

    @Override
    public NodeFailure failure() {
        checkValid();
        return present(failure, "failure");
    }

    @Override
    public String node() {
        checkValid();
        return present(node, "node");
    }

    private <T> T present(@Nullable T part, String name) {
        if (part == null) {
            throw new IllegalStateException("an event of type " + type + " has no " + name);
        }
        return part;
    }

    private void checkValid() {
        if (expired) {
            throw new IllegalStateException(
                    "this event is no longer valid: it was used after the next poll, or after run returned");
        }
    }

    @Override
    public String toString() {
        return input == null ? type.toString() : type + " " + input;
    }
}
