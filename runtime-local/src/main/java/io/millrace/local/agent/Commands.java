package io.millrace.local.agent;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What others have a node's thread do between two messages. Any thread may add; the node's thread takes. */
public final class Commands {

    /** An action for the node's thread. */
    public interface Command {
        void run() throws Exception;
    }

    /** An action on the code that runs when its turn comes: after a restart, the next incarnation's. */
    public interface CodeCommand extends Command {
        void run(NodeCode code) throws Exception;

        @Override
        default void run() {
            throw new AssertionError("a command for a node's code was run without it");
        }
    }

    private final Queue<Command> waiting = new ArrayDeque<>(); // guarded by itself
    private boolean isClosed; // guarded by waiting
    private volatile boolean isAnyWaiting;

    /** False if the node's thread takes no more commands. */
    boolean add(Command command) {
        synchronized (waiting) {
            if (isClosed) {
                return false;
            }
            waiting.add(command);
            isAnyWaiting = true;
        }
        return true;
    }

    /** Costs one volatile read. */
    boolean isAnyWaiting() {
        return isAnyWaiting;
    }

    /** The next command; null if none waits. */
    @Nullable Command poll() {
        if (!isAnyWaiting) {
            return null;
        }
        synchronized (waiting) {
            Command next = waiting.poll();
            isAnyWaiting = !waiting.isEmpty();
            return next;
        }
    }

    /** From now on nothing is added; what waits can still be taken. */
    void close() {
        synchronized (waiting) {
            isClosed = true;
        }
    }

    /** What waits here waits there, behind nothing else; here nothing waits but {@code last}, and nothing is added. */
    public void moveTo(Commands successor, Command last) {
        synchronized (waiting) {
            waiting.forEach(successor::add);
            waiting.clear();
            waiting.add(last);
            isAnyWaiting = true;
            isClosed = true;
        }
    }
}
