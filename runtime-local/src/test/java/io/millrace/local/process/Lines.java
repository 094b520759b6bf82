package io.millrace.local.process;

import java.util.ArrayList;
import java.util.List;

/** What a child has printed, stream by stream. */
final class Lines implements OutputListener {
    private final List<String> stdout = new ArrayList<>();
    private final List<String> stderr = new ArrayList<>();

    @Override
    public synchronized void line(Stream stream, String text) {
        (stream == Stream.STDOUT ? stdout : stderr).add(text);
    }

    synchronized List<String> stdout() {
        return List.copyOf(stdout);
    }

    synchronized List<String> stderr() {
        return List.copyOf(stderr);
    }
}
