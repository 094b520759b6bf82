package io.millrace.remote.client;

import io.millrace.files.ClientPaths;
import io.millrace.graph.Graph;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.remote.client.SubmissionInterruptedException.Fate;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Sha256;
import io.millrace.remote.wire.ShippedFile;
import io.millrace.remote.wire.Submission;
import io.millrace.runtime.StartOptions;
import io.millrace.workdir.ClientFacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/** Hands a dataflow in: checks what the client can check, brings what is shipped to the masters, and then the dataflow. Blocks. */
public final class Submitting {
    /** Well below what a message may have. */
    private static final int CHUNK_BYTES = 512 << 10;

    private static final RecordCodec<Submission> SUBMISSIONS = Submission.codec();

    private final ClusterClient client;
    private final Terms terms;

    /**
     * What the application says of all its jobs.
     *
     * @param lostWait for how long a job waits for a lost executor that has pinned nodes of it
     * @param placeWait for how long one waits, before it begins, for an executor that could take what nobody can take yet
     */
    public record Terms(Duration lostWait, Duration placeWait, boolean requireWorkingDir) {}

    Submitting(ClusterClient client, Terms terms) {
        this.client = client;
        this.terms = terms;
    }

    Terms terms() {
        return terms;
    }

    /**
     * Hands it in, and returns once the masters have it for certain.
     *
     * @param isHeld whether the job waits for its client when every node is open
     * @throws InvalidDataflowException if the client finds something wrong, or nobody can take a node
     * @throws RefusedException if the masters do not take it
     * @throws SubmissionInterruptedException if the thread is interrupted, whose flag stays, once it was taken back as far as that goes
     */
    JobView submit(Graph graph, StartOptions options, String jobName, boolean isHeld) {
        String id = UUID.randomUUID().toString();
        LongFunction<ClientRequest> request;
        try {
            request = request(submission(id, graph, options, jobName, isHeld));
        } catch (WaitInterruptedException e) { // nobody has more of it than some artifacts
            throw new SubmissionInterruptedException(jobName, id, Fate.TAKEN_BACK, e);
        }
        CompletionStage<ClientReply> answer = client.ask(request);
        try {
            return ((ClientReply.Job) Waits.forReply(answer, client.timeout())).job();
        } catch (RefusedException e) {
            List<Problem> found = Outcomes.problems(e.findings());
            throw found.stream().anyMatch(Problem::isError) ? new InvalidDataflowException(found) : e;
        } catch (ClusterUnreachableException e) {
            throw e.mayBeDone()
                    ? new ClusterUnreachableException(e.getMessage() + "; job '" + jobName
                            + "' was handed in and may run: see 'millrace status' once a master leads")
                    : e;
        } catch (WaitInterruptedException e) {
            Fate fate = takeBack(id, options, client.withdraw(answer));
            answer.toCompletableFuture().cancel(false); // else the next leader would be asked to begin it
            throw new SubmissionInterruptedException(jobName, id, fate, e);
        }
    }

    /** Has the masters stop a job that nobody waits for any more. Blocks, also a thread that was interrupted. */
    Fate takeBack(String jobId, StartOptions options, CompletionStage<Boolean> isWithdrawn) {
        boolean isInterrupted = Thread.interrupted();
        try {
            if (Waits.forReply(isWithdrawn, client.timeout())) {
                return Fate.TAKEN_BACK;
            }
            long graceMs = Durations.waitMs(options.closeGrace());
            ClientReply.Job stopped = (ClientReply.Job) Waits.forReply(
                    client.ask(number -> new ClientRequest.Stop(number, jobId, graceMs)), client.timeout());
            return Outcomes.hasRun(stopped.job()) ? Fate.ASKED_TO_STOP : Fate.TAKEN_BACK;
        } catch (RefusedException e) { // what was asked later is decided later: it did not come, or was refused
            return e.reason() == ClientReply.Reason.UNKNOWN ? Fate.TAKEN_BACK : Fate.UNKNOWN;
        } catch (WaitInterruptedException e) {
            isInterrupted = true;
            return Fate.UNKNOWN;
        } catch (ClusterUnreachableException e) {
            return Fate.UNKNOWN;
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Checked, and with all that it ships at the masters. */
    private Submission submission(String id, Graph graph, StartOptions options, String jobName, boolean isHeld) {
        List<Problem> problems = ClientPaths.check(graph, ClientFacts.Situation.CLUSTER, terms.requireWorkingDir, true);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new InvalidDataflowException(problems);
        }
        Shipment shipment = Shipment.of(graph);
        for (ShippedFile file : shipment.files()) {
            Path source = shipment.sources().get(file.sha256());
            if (source != null) {
                bring(file, source);
            }
        }
        return new Submission(
                id,
                jobName,
                GraphForm.of(graph),
                graph.file().map(file -> file.toAbsolutePath().toString()),
                graph.directory().toString(),
                graph.file().flatMap(Submitting::sha256),
                shipment.files(),
                options(options, isHeld));
    }

    /** What does not fit into one request is brought first, as an artifact. */
    private LongFunction<ClientRequest> request(Submission submission) {
        byte[] bytes = SUBMISSIONS.encode(submission);
        if (bytes.length <= CHUNK_BYTES) {
            return number -> new ClientRequest.Submit(number, submission);
        }
        if (bytes.length > Submission.MAX_BYTES) {
            throw new InvalidDataflowException(List.of(Problem.error(
                    Location.NONE,
                    "dataflow '" + submission.name() + "' has " + bytes.length
                            + " bytes when it is handed in, and at most " + Submission.MAX_BYTES
                            + " may be: make several dataflows of it")));
        }
        String sha256 = Sha256.of(bytes);
        try {
            bring(sha256, bytes.length, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be read", e);
        }
        return number -> new ClientRequest.SubmitLarge(number, submission.id(), sha256);
    }

    /** Then no executor can prove that it has the same. */
    private static Optional<String> sha256(Path file) {
        try {
            return Optional.of(Sha256.of(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private JobOptions options(StartOptions options, boolean isHeld) {
        return new JobOptions(
                Durations.waitMs(options.startTimeout()),
                Durations.waitMs(options.closeGrace()),
                options.finishGrace()
                        .map(grace -> OptionalLong.of(Durations.millis(grace)))
                        .orElseGet(OptionalLong::empty),
                options.idle().key(),
                options.threads(),
                options.debug(),
                options.metrics(),
                Durations.millis(options.slowHandling()),
                terms.requireWorkingDir,
                isHeld,
                Durations.waitMs(terms.lostWait),
                Durations.waitMs(terms.placeWait));
    }

    /** What the masters have of it already is not brought again. */
    private void bring(ShippedFile file, Path source) {
        try (InputStream in = Files.newInputStream(source)) {
            bring(file.sha256(), file.sizeBytes(), in);
        } catch (IOException e) {
            throw new InvalidDataflowException(List.of(Problem.error(
                    Location.NONE,
                    "node '" + file.nodeId() + "': '" + source + "' cannot be shipped: " + e.getMessage())));
        }
    }

    private void bring(String sha256, long totalBytes, InputStream in) throws IOException {
        ClientReply.Held held = held(number -> new ClientRequest.AskArtifact(number, sha256));
        if (held.isWhole()) {
            return;
        }
        in.skipNBytes(held.heldBytes());
        long offset = held.heldBytes();
        do {
            byte[] chunk = in.readNBytes(CHUNK_BYTES);
            long at = offset;
            held = held(number -> new ClientRequest.PutChunk(number, sha256, at, totalBytes, chunk));
            offset += chunk.length;
            if (chunk.length == 0 && !held.isWhole()) {
                throw new IOException("it has become shorter meanwhile");
            }
        } while (!held.isWhole());
    }

    private ClientReply.Held held(LongFunction<ClientRequest> request) {
        return (ClientReply.Held) Waits.forReply(client.ask(request), client.timeout());
    }
}
