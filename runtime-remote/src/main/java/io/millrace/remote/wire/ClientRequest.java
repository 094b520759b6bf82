package io.millrace.remote.wire;

/** What a client asks a master. Each has a number of the client's, which comes back with the answer. */
public sealed interface ClientRequest {
    long request();

    /** Answered by {@link ClientReply.Job} once it is durable. */
    record Submit(long request, Submission submission) implements ClientRequest {}

    /**
     * As {@link Submit}, of a submission that was brought as an artifact before.
     *
     * @param id of the submission
     */
    record SubmitLarge(long request, String id, String sha256) implements ClientRequest {}

    /** Whether the masters hold an artifact: answered by {@link ClientReply.Held}. */
    record AskArtifact(long request, String sha256) implements ClientRequest {}

    /** Bytes of an artifact, in order; answered by {@link ClientReply.Held} once they are durable. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record PutChunk(long request, String sha256, long offset, long totalBytes, byte[] bytes) implements ClientRequest {}

    /** Lets a job go on that is held when open. */
    record Release(long request, String jobId) implements ClientRequest {}

    /** @param job an id, or the name of a job: the one that runs, else the last */
    record Stop(long request, String job, long graceMs) implements ClientRequest {}

    record GetJob(long request, String job) implements ClientRequest {}

    /** As {@link GetJob}, and from then on {@link ClientReply.JobChanged} and {@link ClientReply.Happened} follow until the job has ended, or the connection. */
    record Watch(long request, String job) implements ClientRequest {}

    /**
     * Answered by {@link ClientReply.Jobs}.
     *
     * @param after the {@code next} of the answer before; 0 for the first
     */
    record ListJobs(long request, long after) implements ClientRequest {}

    record ListExecutors(long request) implements ClientRequest {}

    /** Answered by {@link ClientReply.Masters}. */
    record AskMasters(long request) implements ClientRequest {}

    record Drain(long request, String machineId) implements ClientRequest {}

    /** Asks all parts of a job; answered by {@link ClientReply.Answers}. */
    record AskParts(long request, String job, Question question) implements ClientRequest {}

    /** Asks one; answered by {@link ClientReply.Answers} as well. */
    record AskPart(long request, PartId part, Question question) implements ClientRequest {}

    record ActOnNode(long request, String job, String node, NodeAction action) implements ClientRequest {}

    /** The submission of a job: for who attaches to it. */
    record GetSubmission(long request, String job) implements ClientRequest {}
}
