package io.millrace.local.json;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;

/** Nodes that exchange JSON, named in a file. */
public final class JsonNodes {
    private JsonNodes() {}

    public record Reading(String sensor, long number) {}

    static final JsonCodec<Reading> READING = JsonCodec.of(Reading.class);

    /** Sends as many as its config {@code count} says. */
    public static final class Source implements Node {
        @Override
        public void run(NodeContext context) {
            long count = context.config().integer("count");
            for (long number = 0; number < count; number++) {
                READING.send(context.output("out"), new Reading("depth", number));
            }
        }
    }

    /** Fails unless they come in order; then says how many they were. */
    public static final class Sink implements Operator {
        private NodeContext context;
        private long next;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            Reading reading = READING.read(message);
            if (!reading.equals(new Reading("depth", next++))) {
                throw new IllegalStateException("unexpected " + reading);
            }
        }

        @Override
        public void onAllInputsClosed() {
            context.output("report").send("read " + next);
        }
    }
}
