package io.millrace.remote.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Counts its ticks, keeps the count as its checkpoint, and sends it on. */
public final class Beat implements Operator {
    private NodeContext context;
    private Notes notes;
    private long count;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        notes = new Notes(opened);
        count = opened.restored().map(ByteBuffer::getLong).orElse(0L);
        notes.write("open", Long.toString(count));
    }

    @Override
    public void onInput(Input input, Message message) {
        count++;
        context.checkpoint(
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, count));
        context.output("out").send(Long.toString(count));
        notes.write("beat", Long.toString(count));
    }

    @Override
    public void close() {
        notes.write("close", Long.toString(count));
    }
}
