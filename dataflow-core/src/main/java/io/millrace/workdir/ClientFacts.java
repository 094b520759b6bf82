package io.millrace.workdir;

import java.util.Optional;

/**
 * What the process that loads a dataflow file knows.
 *
 * @param flowDir the dataflow file's directory, absolute on this machine
 * @param requireWorkingDir whether falling back on a home directory is an error
 */
public record ClientFacts(
        Situation situation, OperatingSystem operatingSystem, String flowDir, boolean requireWorkingDir) {
    /** Where the nodes of the file being loaded are going to run. */
    public enum Situation {
        OWN_JVM,
        OFFLINE_CHECK,
        CLUSTER
    }

    /**
     * Checks the facts.
     *
     * @throws IllegalArgumentException if the flow dir is not absolute on this machine
     */
    public ClientFacts {
        if (!operatingSystem.pathSyntax().isAbsolute(flowDir)) {
            throw new IllegalArgumentException("flow dir '" + flowDir + "' is not absolute on " + operatingSystem);
        }
    }

    /** The flow dir of a dataflow file: the directory that holds it. The path is seen from the current directory. */
    public static String flowDirOfFile(OperatingSystem system, String currentDir, String file) {
        PathSyntax syntax = system.pathSyntax();
        return syntax.parent(syntax.resolve(currentDir, file));
    }

    /** The flow dir of a dataflow without a file: the current directory, unless one is given. */
    public static String flowDirWithoutFile(OperatingSystem system, String currentDir, Optional<String> given) {
        return system.pathSyntax().resolve(currentDir, given.orElse("."));
    }

    /** Whether the node is local, where that is known; empty if its executor is still to prove it. */
    public Optional<Boolean> isLocal(NodeLocation node) {
        return node.local().or(() -> situation == Situation.CLUSTER ? Optional.empty() : Optional.of(true));
    }
}
