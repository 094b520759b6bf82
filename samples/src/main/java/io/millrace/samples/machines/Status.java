package io.millrace.samples.machines;

import io.millrace.codec.Codecs;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says of each random value how many ticks it has seen until then, and writes in the end how many values came: {@code out/received.txt} in the node's working
 * directory.
 */
public final class Status implements Operator {
    private Output status;
    private Path file;
    private long ticks;
    private long values;

    @Override
    public void open(NodeContext context) throws IOException {
        status = context.output("status");
        file = context.workingDirectory().resolve("out/received.txt");
        Files.createDirectories(file.getParent());
    }

    @Override
    public void onInput(Input input, Message message) {
        switch (input.id()) {
            case "tick" -> ticks++;
            case "random" -> {
                values++;
                status.send(String.format(
                        "operator received random value %#x after %d ticks", Codecs.LONG.read(message), ticks));
            }
            default -> throw new IllegalStateException("nothing is known of an input '" + input.id() + "'");
        }
    }

    @Override
    public void onAllInputsClosed() throws IOException {
        Files.writeString(file, values + " values\n");
    }
}
