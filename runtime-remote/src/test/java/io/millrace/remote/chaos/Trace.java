package io.millrace.remote.chaos;

import io.millrace.node.NodeContext;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What one incarnation of a node did, one line each, with {@link System#nanoTime}, which all JVMs of a Linux host share: a file of its own, whose name tells it from all
 * others. Each line is written before the node goes on, so a killed process has left everything.
 *
 * <pre>
 * O nanos                           opened
 * S nanos sequence                  sent, by a source
 * R nanos producer sequence origin  received; origin is when the source sent it
 * C nanos                           closed
 * </pre>
 */
final class Trace implements AutoCloseable {
    private final String id;
    private final OutputStream out;

    Trace(NodeContext context) throws IOException {
        id = context.nodeId() + "," + context.epoch() + "," + context.incarnation() + ","
                + ProcessHandle.current().pid() + "," + Long.toHexString(System.nanoTime());
        out = new FileOutputStream(Path.of(context.config().text("trace"), id).toFile());
        write("O " + System.nanoTime());
    }

    /** Of this incarnation: names it in messages. */
    String id() {
        return id;
    }

    void sent(long nanos, long sequence) throws IOException {
        write("S " + nanos + " " + sequence);
    }

    void received(Numbered message) throws IOException {
        write("R " + System.nanoTime() + " " + message.producer() + " " + message.sequence() + " " + message.origin());
    }

    private void write(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        write("C " + System.nanoTime());
        out.close();
    }
}
