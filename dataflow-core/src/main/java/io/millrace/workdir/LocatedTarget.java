package io.millrace.workdir;

import java.util.List;
import java.util.Optional;

/** A target as an executor sees it, with the files it is made of, in the order they were written. */
public record LocatedTarget(Target target, Readiness readiness, List<LocatedFile> files) {
    public enum Readiness {
        /** Everything the rules look for is there. */
        READY,
        /** Somebody starts the program by hand; the node waits for it. */
        AWAITED,
        /** It cannot start; a finding says why. */
        REFUSED
    }

    /**
     * A written path or command.
     *
     * @param tried in this order
     * @param found the one that is there
     */
    public record LocatedFile(String written, Row row, List<String> tried, Optional<String> found) {
        public LocatedFile {
            tried = List.copyOf(tried);
        }
    }

    public LocatedTarget {
        files = List.copyOf(files);
    }
}
