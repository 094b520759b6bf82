package io.millrace.graph;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which variables a dataflow file may set for its programs, and which of its own a runtime passes on to them. What makes a program load
 * other code, or tells it how it is wired, is not for the file to say.
 */
public final class EnvironmentNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Secrets and permissions of the runtime, and what slips code into each program: not even inherited. */
    private static final Set<String> KEPT_BACK =
            Set.of("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "DORA_AUTH_TOKEN", "DORA_ALLOW_SHELL_NODES");

    private static final Set<String> SET_OUTSIDE = Set.of("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH");

    /** How the zenoh session is configured that every node of dora opens: two ways at once are an error there. */
    private static final String ZENOH_PREFIX = "DORA_ZENOH_";

    private static final Set<String> WIRING =
            Set.of("DORA_NODE_CONFIG", "DORA_RUNTIME_CONFIG", "DORA_RUN_PARENT_PID", "ZENOH_CONFIG");

    private EnvironmentNames() {}

    /** Why a file may not set the variable, as the end of a sentence that begins with its name; empty if it may. */
    public static Optional<String> complaint(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of("cannot be the name of a variable: expected letters, digits and _, not a digit first");
        }
        if (isWiring(name)) {
            return Optional.of("cannot be set in a dataflow file, for the runtime sets it: leave it out");
        }
        if (KEPT_BACK.contains(name)) {
            return Optional.of("cannot be set in a dataflow file, and programs do not inherit it: leave it out");
        }
        return SET_OUTSIDE.contains(name)
                ? Optional.of(
                        "cannot be set in a dataflow file: set it where the dataflow is started, programs inherit it")
                : Optional.empty();
    }

    /** Whether a program is given the variable as its runtime has it. */
    public static boolean isInherited(String name) {
        return !KEPT_BACK.contains(name) && !isWiring(name);
    }

    private static boolean isWiring(String name) {
        return WIRING.contains(name) || name.startsWith(ZENOH_PREFIX);
    }
}
