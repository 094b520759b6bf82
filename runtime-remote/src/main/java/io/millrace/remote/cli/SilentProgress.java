package io.millrace.remote.cli;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowStatus;
import java.io.PrintStream;
import java.time.Duration;

/** Says only what must be said. */
record SilentProgress(PrintStream err) implements Progress {
    @Override
    public void onEvent(DataflowEvent event) {}

    @Override
    public void onStatus(DataflowStatus status, Duration elapsed) {}

    @Override
    public void say(String line) {
        err.println(Printable.of(line));
    }

    @Override
    public void close() {}
}
