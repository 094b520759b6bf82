package io.millrace.remote.wire;

import java.util.List;

/**
 * Where a part is, for those that share an edge with it.
 *
 * @param instance of the executor: another one after it was started anew
 * @param linkHost where its links are accepted
 * @param isEnded whether every node of it has ended, so that nothing comes from there any more and nothing is taken
 */
public record PartPlace(
        PartId id,
        long epoch,
        List<String> nodes,
        String machineId,
        String instance,
        String linkHost,
        int linkPort,
        boolean isEnded) {
    private static final int NUMBERS_BYTES = 32;

    public PartPlace {
        nodes = List.copyOf(nodes);
    }

    /** What it takes on its way at the most. */
    int sizeBytes() {
        return NUMBERS_BYTES
                + Shortened.sizeBytes(id.jobId())
                + Shortened.sizeBytes(nodes)
                + Shortened.sizeBytes(machineId)
                + Shortened.sizeBytes(instance)
                + Shortened.sizeBytes(linkHost);
    }
}
