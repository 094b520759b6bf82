package io.millrace.remote.cli.diagram;

import java.util.Optional;

/**
 * A row of a panel: where wires come in or go out.
 *
 * @param id as written
 * @param chip what stands before an input; empty for outputs
 * @param used false for an output that nobody reads
 * @param tooltip all there is to say about it
 */
record Port(String id, Optional<Chip> chip, boolean used, String tooltip) {
    private static final int LONGEST = 30;

    String shortId() {
        return Texts.shorten(id, LONGEST);
    }
}
