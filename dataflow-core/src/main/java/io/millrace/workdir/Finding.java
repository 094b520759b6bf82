package io.millrace.workdir;

import java.util.Optional;

/**
 * Something to tell the user about a node's location.
 *
 * @param target the target it is about; empty where it is about the node's {@code deploy}
 * @param text one line that names the node, without a position in the file
 */
public record Finding(Severity severity, Optional<Target> target, String text) {
    public enum Severity {
        ERROR,
        WARNING,
        NOTE
    }

    static Finding error(Target target, String text) {
        return new Finding(Severity.ERROR, Optional.of(target), text);
    }

    static Finding aboutNode(Severity severity, String text) {
        return new Finding(severity, Optional.empty(), text);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
