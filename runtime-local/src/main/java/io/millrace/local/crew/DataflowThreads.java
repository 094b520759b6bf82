package io.millrace.local.crew;

import io.millrace.runtime.StartOptions;
import java.util.Objects;

/** Makes the threads of a dataflow, each with its name. Any thread. */
public final class DataflowThreads implements ThreadCrew.Threads {
    private final String dataflow;
    private final StartOptions options;

    public DataflowThreads(String dataflow, StartOptions options) {
        this.dataflow = dataflow;
        this.options = options;
    }

    /** For nodes: by the application's factory, if it has given one. Throws whatever that may. */
    @Override
    public Thread thread(Runnable action, String suffix) {
        Thread made = options.threadFactory()
                .map(factory -> Objects.requireNonNull(factory.newThread(action), "the thread factory made no thread"))
                .orElseGet(() -> daemon(action, ""));
        made.setName(name(suffix));
        return made;
    }

    /** The only one that may keep the JVM alive. */
    public Thread coordinator(Runnable action) {
        Thread made = daemon(action, "");
        made.setDaemon(!options.keepAlive());
        return made;
    }

    /** Has something done that may wait for the coordinator, and so must not be done by it. */
    public void run(Runnable action, String suffix) {
        daemon(action, suffix).start();
    }

    private Thread daemon(Runnable action, String suffix) {
        Thread made = new Thread(action, name(suffix));
        made.setDaemon(true);
        return made;
    }

    private String name(String suffix) {
        return "millrace-" + dataflow + suffix;
    }
}
