package io.millrace.workdir;

/**
 * What stands where on one machine's file systems, handed to the rules as a fact. An implementation that reads real
 * ones may block; it answers {@link Kind#MISSING}, and does not throw, for a text that cannot be a path there.
 */
@FunctionalInterface
public interface FileView {
    enum Kind {
        MISSING,
        FILE,
        DIRECTORY
    }

    /** What stands at the path, which is absolute on this machine; symbolic links are followed. */
    Kind kind(String absolutePath);

    /** Why a text cannot be a path there, and what to do, in words that go on after the machine's name; empty if it can. */
    default String refusal(String path) {
        return "";
    }

    /** Whether something can be made in the directory, as far as its machine can tell beforehand. */
    default boolean isWritable(String directory) {
        return true;
    }

    /** As {@link #kind(String)}, but a path that is not absolute is missing: no process's current directory counts. */
    default Kind kind(PathSyntax syntax, String path) {
        return syntax.isAbsolute(path) ? kind(path) : Kind.MISSING;
    }
}
