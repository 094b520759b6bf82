package io.millrace.local.program;

import io.millrace.local.code.ProgramException;
import io.millrace.local.process.ChildExit;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a program has ended, and what that means for its node.
 *
 * @param nodeId whose program it is
 * @param exit null while it runs
 * @param lastWords what it printed last, in one line
 */
record ProgramEnd(String nodeId, @Nullable ChildExit exit, String lastWords) {
    /** SIGINT and SIGTERM: whoever is asked to end may end so. */
    private static final Set<Integer> POLITE_SIGNALS = Set.of(2, 15);

    private static final int KILLED = 9;

    ProgramEnd by(ChildExit how) {
        return new ProgramEnd(nodeId, how, lastWords);
    }

    /** @throws ProgramException if it is a failure of the node */
    void check(boolean wasToldToStop) {
        boolean isClean = exit != null && (exit.isSuccess() || wasToldToStop && hasFollowedSignal(exit));
        if (!isClean) {
            throw new ProgramException("node '" + nodeId + "': its program " + inWords() + lastWords(""));
        }
    }

    /** As {@link #check}, of one that was told to stop, had SIGTERM, and whose group was killed at the end of the grace, unless it was quicker. */
    void checkAfterGrace() {
        if (exit != null && exit.signal().orElse(0) != KILLED) {
            check(true);
            return;
        }
        throw new ProgramException(
                "node '" + nodeId + "': its program did not end within the grace: it was told to stop,"
                        + " had SIGTERM, ran on, and was killed (SIGKILL); a program ends when it is told to stop, and a longer"
                        + " grace gives it more time" + lastWords(""));
    }

    /** As {@link #check}, of one that was ended because it kept the dataflow from its end. */
    void checkStraggler(Duration silentFor) {
        if (exit == null || !exit.isSuccess()) {
            throw new ProgramException("node '" + nodeId + "': its inputs had closed and all else had ended, but for "
                    + silentFor + " its program neither took nor sent anything, and when it was told to stop it "
                    + inWords() + "; a program ends when its inputs have closed, and " + Stragglers.VARIABLE
                    + " says how long it may take" + lastWords(""));
        }
    }

    private static boolean hasFollowedSignal(ChildExit exit) {
        return exit.signal().isPresent()
                && POLITE_SIGNALS.contains(exit.signal().getAsInt());
    }

    /** What the node's failure is if the program ended before it was there for messages. */
    String beforeSubscribing(String complaint) {
        return "node '" + nodeId + "': its program " + inWords() + " before it subscribed"
                + (exit != null && exit.isSuccess()
                        ? ": a node connects with dora's node library, and ends when its inputs have closed"
                        : "")
                + lastWords(complaint);
    }

    /** What is known beside, as the end of a sentence. */
    String lastWords(String complaint) {
        String refused = complaint.isEmpty() ? "" : "; it was turned away: " + complaint;
        return refused + (lastWords.isEmpty() ? "; it printed nothing" : "; it printed last: " + lastWords);
    }

    private String inWords() {
        if (exit == null) {
            return "has not ended";
        }
        boolean isKilled = exit.signal().orElse(0) == KILLED;
        return exit + (isKilled ? ", by somebody, or because memory ran out" : "");
    }
}
