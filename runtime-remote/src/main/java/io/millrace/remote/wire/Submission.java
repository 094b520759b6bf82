package io.millrace.remote.wire;

import java.util.List;
import java.util.Optional;

/**
 * A dataflow as its client hands it in.
 *
 * @param id made by the client, so that handing in twice does no harm
 * @param name of the job; a job that runs has it for itself
 * @param flowFile the dataflow file's absolute path on the client
 * @param flowDir absolute on the client
 * @param flowSha256 of the file, in hexadecimal
 */
public record Submission(
        String id,
        String name,
        GraphForm graph,
        Optional<String> flowFile,
        String flowDir,
        Optional<String> flowSha256,
        List<ShippedFile> shipped,
        JobOptions options) {
    /** As bytes of an artifact, and no more than these. */
    public static final int MAX_BYTES = 12 << 20;

    public Submission {
        shipped = List.copyOf(shipped);
    }

    /** For those that do not fit into one request. Any thread. */
    public static RecordCodec<Submission> codec() {
        return RecordCodec.of(Submission.class);
    }
}
