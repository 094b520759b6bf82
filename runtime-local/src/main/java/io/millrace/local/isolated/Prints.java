package io.millrace.local.isolated;

import io.millrace.local.process.OutputListener;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a node's JVM prints, on its way to the node's log; remembers the last of it, for that may say why the JVM has ended. */
final class Prints implements OutputListener {
    private static final int REMEMBERED_LINES = 3;
    private static final int REMEMBERED_CHARACTERS = 300;

    private final OutputListener log;
    private final Deque<String> last = new ArrayDeque<>(); // guarded by itself

    Prints(OutputListener log) {
        this.log = log;
    }

    @Override
    public void line(Stream stream, String text) {
        if (text.startsWith("NOTE: Picked up JDK_JAVA_OPTIONS:")) {
            return; // it was told so itself
        }
        log.line(stream, text);
        if (text.isBlank()) {
            return;
        }
        synchronized (last) {
            last.addLast(
                    text.length() <= REMEMBERED_CHARACTERS ? text : text.substring(0, REMEMBERED_CHARACTERS) + "...");
            if (last.size() > REMEMBERED_LINES) {
                last.removeFirst();
            }
        }
    }

    /** The end of a sentence. */
    String last() {
        synchronized (last) {
            return last.isEmpty() ? "" : "; it printed last: " + String.join(" / ", last);
        }
    }
}
