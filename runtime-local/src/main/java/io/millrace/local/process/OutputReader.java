package io.millrace.local.process;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one stream of a child to its end, whatever the listener makes of it. Runs once, on a thread of its own. */
final class OutputReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputReader.class);

    private static final int BUFFER_BYTES = 1 << 16;

    private final Child child;
    private final OutputListener.Stream stream;
    private final InputStream in;
    private final OutputListener listener;
    private final LineSplitter splitter;
    private boolean isListening = true;

    OutputReader(Child child, OutputListener.Stream stream, InputStream in, String token, OutputListener listener) {
        this.child = child;
        this.stream = stream;
        this.in = in;
        this.listener = listener;
        splitter = new LineSplitter(token, this::tell);
    }

    @Override
    public void run() {
        try (in) {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (splitter.status().isEmpty()) {
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                splitter.accept(buffer, count);
            }
            splitter.end();
        } catch (IOException e) {
            LOG.debug("{} of {} was cut off", stream, child, e);
        } finally {
            child.onStreamEnd(splitter.status());
        }
    }

    private void tell(String line) {
        if (!isListening) {
            return;
        }
        try {
            listener.line(stream, line);
        } catch (RuntimeException | Error e) { // the child must be drained all the same
            isListening = false;
            LOG.error("what {} prints on {} is not taken any more, for who takes it failed", child, stream, e);
        }
    }
}
