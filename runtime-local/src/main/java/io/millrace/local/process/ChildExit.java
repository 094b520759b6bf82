package io.millrace.local.process;

import java.util.OptionalInt;

/**
 * How a program ended, as a shell puts it in one number, and the JDK too: an exit code, or 128 and the number of the signal that killed
 * it. A program that ends itself with such a number cannot be told from one that was killed.
 *
 * @param status 0 to 255
 */
public record ChildExit(int status) {
    private static final int SIGNAL_BASE = 128;
    private static final int LAST_SIGNAL = 64;

    /** The status of a program whose end nobody saw, for its supervisor was killed with it. */
    static final ChildExit KILLED = new ChildExit(SIGNAL_BASE + 9);

    public boolean isSuccess() {
        return status == 0;
    }

    /** The number of the signal that killed it; empty if it ended itself. */
    public OptionalInt signal() {
        return status > SIGNAL_BASE && status <= SIGNAL_BASE + LAST_SIGNAL
                ? OptionalInt.of(status - SIGNAL_BASE)
                : OptionalInt.empty();
    }

    /** The end of a sentence that begins with the program. */
    @Override
    public String toString() {
        if (signal().isPresent()) {
            int signal = signal().getAsInt();
            return "was killed by signal " + signal + name(signal);
        }
        return "ended with exit code " + status
                + switch (status) {
                    case 126 -> " (as if it, or its interpreter, cannot be executed)";
                    case 127 -> " (as if it, its interpreter or a library of it was not found)";
                    default -> "";
                };
    }

    /** The same numbers on all systems that have {@code setsid}, but for the two of the user, which are Linux's. */
    private static String name(int signal) {
        return switch (signal) {
            case 1 -> " (SIGHUP)";
            case 2 -> " (SIGINT)";
            case 3 -> " (SIGQUIT)";
            case 4 -> " (SIGILL)";
            case 6 -> " (SIGABRT)";
            case 8 -> " (SIGFPE)";
            case 9 -> " (SIGKILL)";
            case 11 -> " (SIGSEGV)";
            case 13 -> " (SIGPIPE)";
            case 14 -> " (SIGALRM)";
            case 15 -> " (SIGTERM)";
            default -> "";
        };
    }
}
