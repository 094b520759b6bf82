package io.millrace.remote.link;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps what happens to a connection, as text. */
final class RecordingHandler implements ControlHandler {
    final List<String> messages = new CopyOnWriteArrayList<>();
    final List<String> ends = new CopyOnWriteArrayList<>();
    final List<ControlConnection> opened = new CopyOnWriteArrayList<>();
    volatile @Nullable Thread thread;

    @Override
    public void onOpen(ControlConnection connection) {
        thread = Thread.currentThread();
        opened.add(connection);
    }

    @Override
    public void onMessage(ControlConnection connection, byte[] message) {
        messages.add(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void onClosed(String reason) {
        ends.add(reason);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
