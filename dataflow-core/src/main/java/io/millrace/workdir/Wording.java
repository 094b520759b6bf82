package io.millrace.workdir;

import java.util.Optional;

/** The sentences that client and executor share. */
final class Wording {
    private Wording() {}

    static String machine(Optional<String> name) {
        return name.map(known -> "machine '" + known + "'").orElse("another machine");
    }

    /** A text as messages quote it: whole, or its beginning where it is long. */
    static String shortened(String text) {
        int shown = 40;
        int longest = 128;
        return text.length() <= longest ? text : text.substring(0, shown) + "...";
    }

    static String relativePath(NodeTarget of, String machine, String path) {
        return of.inWords() + " on " + machine + " has the relative path '" + path
                + "': give it a working_dir or an absolute path";
    }

    /** The finding about a node that is left to the home directory: a warning, or an error where that is forbidden. */
    static Finding home(NodeLocation node, String machine, String home, boolean requireWorkingDir) {
        String subject = "node '" + node.nodeId() + "' on " + machine + " has no working_dir";
        return requireWorkingDir
                ? Finding.aboutNode(
                        Finding.Severity.ERROR,
                        subject + ", which --require-working-dir demands instead of " + home + ": give it one")
                : Finding.aboutNode(
                        Finding.Severity.WARNING,
                        subject + " and will run in " + home + ": give it one to choose another place");
    }
}
