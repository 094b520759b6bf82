package io.millrace.local.run;

import io.millrace.local.process.ChildExit;
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
    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    /** Of a shell that passes on how its command has ended. */
    private static final int SIGNAL_CODES = 128;

    /** Of who was told to end in these ways and did. */
    private static final Set<Integer> POLITE_SIGNALS = Set.of(SIGINT, SIGTERM);

    /** @throws ProgramException if it is a failure of the node */
    void check(boolean wasToldToStop) {
        boolean isClean = isCode(0) || wasToldToStop && hasFollowedSignal();
        if (!isClean) {
            throw new ProgramException("node '" + nodeId + "': its program " + inWords() + lastWords(""));
        }
    }

    private boolean hasFollowedSignal() {
        return POLITE_SIGNALS.stream().anyMatch(signal -> isSignal(signal) || isCode(SIGNAL_CODES + signal));
    }

    private boolean isCode(int code) {
        return exit != null && exit.signal() == 0 && exit.code() == code;
    }

    private boolean isSignal(int signal) {
        return exit != null && exit.signal() == signal;
    }

    /** What the node's failure is if the program ended before it was there for messages. */
    String beforeSubscribing(String complaint) {
        return "node '" + nodeId + "': its program " + inWords()
                + " before it subscribed: a node of a dataflow connects with dora's node library and runs on until its inputs close"
                + lastWords(complaint);
    }

    /** What is known beside, as the end of a sentence; empty if nothing is. */
    String lastWords(String complaint) {
        String refused = complaint.isEmpty() ? "" : "; it was turned away: " + complaint;
        return refused + (lastWords.isEmpty() ? "; it printed nothing" : "; it printed last: " + lastWords);
    }

    private String inWords() {
        if (exit == null) {
            return "has not exited";
        }
        if (exit.signal() == 0) {
            return "exited with code " + exit.code();
        }
        return "was ended by signal " + exit.signal() + name(exit.signal());
    }

    private static String name(int signal) {
        return switch (signal) {
            case SIGINT -> " (SIGINT)";
            case 4 -> " (SIGILL)";
            case 6 -> " (SIGABRT)";
            case 7 -> " (SIGBUS)";
            case 8 -> " (SIGFPE)";
            case SIGKILL -> " (SIGKILL: by hand, or because the machine had no memory left)";
            case 11 -> " (SIGSEGV)";
            case 13 -> " (SIGPIPE)";
            case SIGTERM -> " (SIGTERM)";
            default -> "";
        };
    }
}
