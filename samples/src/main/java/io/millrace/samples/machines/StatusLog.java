package io.millrace.samples.machines;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a line for each message: {@code out/status.txt} in the node's working directory. */
public final class StatusLog implements Operator {
    private @Nullable BufferedWriter log; // null where open has failed before it

    @Override
    public void open(NodeContext context) throws IOException {
        Path file = context.workingDirectory().resolve("out/status.txt");
        Files.createDirectories(file.getParent());
        log = Files.newBufferedWriter(file);
    }

    @Override
    public void onInput(Input input, Message message) throws IOException {
        BufferedWriter open = Objects.requireNonNull(log, "open comes first");
        open.write(message.text());
        open.newLine();
    }

    @Override
    public void close() throws IOException {
        if (log != null) {
            log.close();
        }
    }
}
