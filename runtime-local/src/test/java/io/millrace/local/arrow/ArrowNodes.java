package io.millrace.local.arrow;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Nodes that exchange columns, named in a file. */
public final class ArrowNodes {
    private ArrowNodes() {}

    /** Sends as many columns as its config {@code count} says, each a number longer. */
    public static final class Source implements Node {
        @Override
        public void run(NodeContext context) {
            long count = context.config().integer("count");
            try (BufferAllocator allocator = new RootAllocator();
                    BigIntVector data = new BigIntVector("data", allocator);
                    VectorSchemaRoot root = new VectorSchemaRoot(List.of(data))) {
                ArrowCodec codec = ArrowCodec.of(allocator);
                for (int number = 0; number < count; number++) {
                    data.setSafe(number, number);
                    root.setRowCount(number + 1);
                    codec.send(context.output("out"), root);
                }
            }
        }
    }

    /** Says the sum of all numbers; fails where memory is left over. */
    public static final class Sink implements Operator {
        private final BufferAllocator allocator = new RootAllocator();
        private final ArrowCodec codec = ArrowCodec.of(allocator);
        private NodeContext context;
        private long sum;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            try (VectorSchemaRoot root = codec.read(message)) {
                BigIntVector data = (BigIntVector) root.getVector("data");
                for (int i = 0; i < data.getValueCount(); i++) {
                    sum += data.get(i);
                }
            }
        }

        @Override
        public void onAllInputsClosed() {
            context.output("report").send("sum " + sum);
        }

        @Override
        public void close() {
            allocator.close();
        }
    }
}
