package io.millrace.workdir;

import java.util.Optional;

/** The copies of shipped files that an executor holds for one job. */
@FunctionalInterface
public interface ShippedCopies {
    /** The absolute path of the copy of the file that the node names by {@code written}; empty if it is not here. */
    Optional<String> copyOf(String nodeId, String written);
}
