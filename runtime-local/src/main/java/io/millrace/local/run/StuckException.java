package io.millrace.local.run;

import java.time.Duration;

/** That a node's code did not come back, with the stack of its thread. */
final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StuckException(String message, Thread thread) {
        super(message);
        setStackTrace(thread.getStackTrace());
    }

    static StuckException inCallback(String nodeId, Duration stuckFor, Thread thread) {
        return new StuckException(
                "node '" + nodeId + "' is stuck: its code has not come back for " + stuckFor
                        + ", longer than its health_check_timeout",
                thread);
    }

    /** No code is at fault, and so it has no stack. */
    static StuckException asked(String nodeId) {
        StuckException asked = new StuckException(
                "node '" + nodeId + "' was asked to end, so that it is started anew", Thread.currentThread());
        asked.setStackTrace(new StackTraceElement[0]);
        return asked;
    }

    static StuckException whenAsked(String nodeId, Duration grace, Thread thread) {
        return new StuckException(
                "node '" + nodeId + "' is stuck: asked to end, so that it can be started anew, it has not within "
                        + grace,
                thread);
    }

    static StuckException inOpen(String nodeId, Duration timeout, Thread thread) {
        return new StuckException(
                "node '" + nodeId + "' is stuck: started again, it has not come back from open within " + timeout,
                thread);
    }
}
