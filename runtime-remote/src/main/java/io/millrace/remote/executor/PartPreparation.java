package io.millrace.remote.executor;

import io.millrace.files.MachineVariables;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartFiles;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.ShippedFile;
import io.millrace.remote.wire.Submission;
import io.millrace.runtime.StartOptions;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.ShippedCopies;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Gets what a part needs from the masters, and makes it ready here. Any thread; the work, which blocks, is done by an executor of its own. */
public final class PartPreparation {
    private final ExecutorFacts facts;
    private final Artifacts artifacts;
    private final ClassLoader loader;
    private final Map<String, String> environment;
    private final Executor worker;
    private final Pending pending = new Pending();

    /**
     * @param facts of this machine
     * @param artifacts used by the worker alone
     * @param loader where classes come from that no class path gives
     * @param worker runs one thing at a time
     */
    public PartPreparation(
            ExecutorFacts facts,
            Artifacts artifacts,
            ClassLoader loader,
            Map<String, String> environment,
            Executor worker) {
        this.facts = facts;
        this.artifacts = artifacts;
        this.loader = loader;
        this.environment = environment;
        this.worker = worker;
    }

    Pending pending() {
        return pending;
    }

    CompletionStage<LocalPart> prepare(HostedPart part, PartListener listener, ExecutorAgent.Line line) {
        return CompletableFuture.supplyAsync(() -> begin(part, listener, line), worker)
                .thenCompose(prepared -> prepared);
    }

    /** The part has ended, and nobody wants it any more. Does not block. */
    void forget(HostedPart part) {
        worker.execute(() -> artifacts.drop(part.id()));
    }

    private CompletionStage<LocalPart> begin(HostedPart part, PartListener listener, ExecutorAgent.Line line) {
        try {
            MasterMessage.PartContents contents = pending.ask(
                    line,
                    MasterMessage.PartContents.class,
                    number -> new ExecutorMessage.FetchPart(number, part.id(), part.epoch()));
            return prepare(part, listener, contents.submission(), line);
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private CompletionStage<LocalPart> prepare(
            HostedPart part, PartListener listener, Submission submission, ExecutorAgent.Line line)
            throws IOException, InterruptedException {
        PartAssignment assignment = part.assignment();
        MachineVariables variables = new MachineVariables(facts.machine(), environment);
        boolean isSameFile = FlowFileProof.isSame(submission.flowFile(), submission.flowSha256());
        Graph graph = graph(submission, assignment.nodes(), variables, isSameFile);
        List<ShippedFile> shipped = submission.shipped().stream()
                .filter(file -> assignment.nodes().contains(file.nodeId()))
                .toList();
        Map<String, Map<String, Path>> copies = artifacts.place(
                part.id(),
                shipped,
                (sha256, offset) -> pending.ask(
                                line,
                                MasterMessage.Chunk.class,
                                number -> new ExecutorMessage.FetchChunk(number, sha256, offset))
                        .bytes());
        JobFacts job = new JobFacts(part.id().jobId(), submission.flowDir(), isSameFile, copiesIn(copies));
        PartSpec spec = new PartSpec(
                graph,
                Set.copyOf(assignment.nodes()),
                assignment.epoch(),
                assignment.incarnations(),
                new PartFiles(job, facts(submission.options())),
                new Checkpoints(checkpoints(part, line), part),
                listener);
        CompletionStage<LocalPart> prepared = LocalPart.prepare(spec, options(submission.options()));
        return variables.problems().isEmpty()
                ? prepared
                : prepared.handle((made, error) -> refuse(variables, made, error));
    }

    private Map<String, byte[]> checkpoints(HostedPart part, ExecutorAgent.Line line)
            throws IOException, InterruptedException {
        TreeMap<String, byte[]> all = new TreeMap<>();
        MasterMessage.Checkpoints next;
        do {
            String after = all.isEmpty() ? "" : all.lastKey();
            next = pending.ask(
                    line,
                    MasterMessage.Checkpoints.class,
                    number -> new ExecutorMessage.FetchCheckpoints(number, part.id(), part.epoch(), after));
            all.putAll(next.checkpoints());
        } while (next.hasMore());
        return all;
    }

    /** What else is wrong on this machine is said in one go with it. */
    private static LocalPart refuse(MachineVariables variables, @Nullable LocalPart made, @Nullable Throwable error) {
        List<Problem> found = new ArrayList<>();
        if (made != null) {
            made.abandon();
            found.addAll(made.findings());
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof InvalidDataflowException invalid) {
            found.addAll(invalid.problems());
        }
        found.removeIf(variables::isConsequence);
        List<Problem> all = new ArrayList<>(variables.problems());
        all.addAll(found);
        throw new InvalidDataflowException(all);
    }

    private static ShippedCopies copiesIn(Map<String, Map<String, Path>> copies) {
        return (node, written) -> Optional.ofNullable(copies.get(node))
                .map(ofNode -> ofNode.get(written))
                .map(Path::toString);
    }

    private Graph graph(Submission submission, List<String> here, MachineVariables variables, boolean isSameFile) {
        List<GraphNode> nodes = submission.graph().nodes().stream()
                .map(node -> here.contains(node.id()) ? variables.expand(node, isSameFile) : node)
                .toList();
        GraphForm form =
                new GraphForm(submission.graph().name(), submission.graph().settings(), nodes);
        return form.toGraph(submission.flowFile().flatMap(PartPreparation::path), directory(submission));
    }

    /** The rules go by the text; a graph wants some path. */
    private Path directory(Submission submission) {
        return path(submission.flowDir()).orElseGet(() -> Path.of(facts.baseDirectory()));
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) { // of a client with another kind of system
            return Optional.empty();
        }
    }

    private ExecutorFacts facts(JobOptions job) {
        return new ExecutorFacts(
                facts.machine(),
                facts.operatingSystem(),
                facts.baseDirectory(),
                facts.home(),
                facts.searchPath(),
                facts.requireWorkingDir() || job.requiresWorkingDir(),
                facts.allowShell(),
                facts.files());
    }

    private StartOptions options(JobOptions job) {
        StartOptions.Builder options = StartOptions.builder()
                .startTimeout(Duration.ofMillis(job.startTimeoutMs()))
                .closeGrace(Duration.ofMillis(job.closeGraceMs()))
                .keepAlive(false)
                .debug(job.isDebug())
                .metrics(job.isMeasured())
                .slowHandling(Duration.ofMillis(job.slowHandlingMs()))
                .classLoader(loader);
        Arrays.stream(Idle.values())
                .filter(idle -> idle.key().equals(job.idle()))
                .findFirst()
                .ifPresent(options::idle);
        job.threads().ifPresent(options::threads);
        job.finishGraceMs().ifPresent(ms -> options.finishGrace(Duration.ofMillis(ms)));
        return options.build();
    }

    /** What nodes find, and leave. */
    private record Checkpoints(Map<String, byte[]> before, HostedPart part) implements PartCheckpoints {
        @Override
        public Optional<byte[]> restored(String code) {
            return Optional.ofNullable(before.get(code));
        }

        @Override
        public void store(String code, byte[] bytes) {
            part.onCheckpoint(code, bytes);
        }
    }
}
