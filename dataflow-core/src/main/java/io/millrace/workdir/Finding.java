package io.millrace.workdir;

import java.util.Optional;

/**
 * Something to tell the user about a node's location.
 *
 * @param about the target it is about; empty where it is about the node's {@code deploy}
 * @param text one line that names the node, without a position in the file
 */
public record Finding(Severity severity, Optional<NodeTarget> about, String text) {
    public enum Severity {
        ERROR,
        WARNING,
        NOTE
    }

    static Finding error(NodeTarget about, String text) {
        return new Finding(Severity.ERROR, Optional.of(about), text);
    }

    static Finding aboutNode(Severity severity, String text) {
        return new Finding(severity, Optional.empty(), text);
    }

    /** What it is about; empty where that is the node's {@code deploy}. */
    public Optional<Target> target() {
        return about.map(NodeTarget::target);
    }

    /** The operator it is about; empty where that is the node. */
    public Optional<String> operator() {
        return about.flatMap(NodeTarget::operator);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
