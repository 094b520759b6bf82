package io.millrace.local.run;

import io.millrace.files.MachineFiles;
import io.millrace.graph.Graph;
import io.millrace.graph.InputSource;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartFiles;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.SearchPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A dataflow whose nodes are dealt out to parts, which are joined, shown as one that runs. */
public final class JoinedParts implements RunningDataflow {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Graph graph;
    private final StartOptions options;
    private final Merging merging;
    private final OutputNames names;
    private final ApplicationEnds ends;
    private final List<LocalPart> parts = new ArrayList<>();
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final CompletableFuture<DataflowResult> completion = new CompletableFuture<>();
    private final Thread events;

    // The events' thread.
    private final List<Consumer<DataflowEvent>> listeners = new ArrayList<>();
    private final List<DataflowResult.Failure> failures = new ArrayList<>();
    private final List<DataflowResult> results = new ArrayList<>();
    private final Set<LocalPart> onlyDynamicLeft = new HashSet<>();
    private DataflowState told = DataflowState.STARTING;

    private volatile boolean isStopRequested;

    private JoinedParts(Graph graph, StartOptions options) {
        this.graph = graph;
        this.options = options;
        this.merging = new Merging(graph);
        this.names = new OutputNames(graph);
        this.ends = new ApplicationEnds(graph, options, edge -> post(() -> tell(new DataflowEvent.FirstDrop(edge))));
        this.events = new Thread(this::runEvents, "millrace-" + graph.name() + "-parts");
        events.setDaemon(true);
    }

    /** Deals the nodes out by turns. */
    public static RunningDataflow start(Graph graph, StartOptions options, int count) {
        JoinedParts made = new JoinedParts(graph, options);
        made.prepare(Math.min(count, graph.nodes().size()));
        made.events.start();
        try {
            made.open();
        } catch (DataflowStartException e) {
            made.completion.cancel(false);
            made.post(() -> {});
            throw e;
        }
        return made;
    }

    private void prepare(int count) {
        List<CompletableFuture<LocalPart>> preparing = new ArrayList<>();
        List<AtomicReference<@Nullable LocalPart>> selves = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            AtomicReference<@Nullable LocalPart> self = new AtomicReference<>();
            selves.add(self);
            preparing.add(LocalPart.prepare(spec(part, count, self), options).toCompletableFuture());
        }
        List<InvalidDataflowException> findings = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            try {
                LocalPart made = preparing.get(part).join();
                selves.get(part).set(made);
                parts.add(made);
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof InvalidDataflowException found)) {
                    throw e;
                }
                findings.add(found);
            }
        }
        if (!findings.isEmpty()) {
            parts.forEach(LocalPart::abandon);
            throw Merging.findings(findings);
        }
        join();
    }

    private PartSpec spec(int part, int count, AtomicReference<@Nullable LocalPart> self) {
        Set<String> nodes = new LinkedHashSet<>();
        for (int i = part; i < graph.nodes().size(); i += count) {
            nodes.add(graph.nodes().get(i).id());
        }
        PartListener listener = new PartListener() {
            @Override
            public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
                throw new AssertionError(consumer + " is joined");
            }

            @Override
            public void onNodeRestarted(String consumer, String restarted) {
                throw new AssertionError(consumer + " is joined");
            }

            @Override
            public void onOnlyDynamicLeft() {
                post(() -> JoinedParts.this.onOnlyDynamicLeft(Objects.requireNonNull(self.get())));
            }
        };
        return new PartSpec(graph, nodes, 0, Map.of(), files(graph), PartCheckpoints.NONE, listener);
    }

    /** Of this machine, as if the client were elsewhere on it. */
    public static PartFiles files(Graph graph) {
        JobFacts job = new JobFacts(
                graph.name() + "-" + UUID.randomUUID(),
                graph.directory().toString(),
                true,
                (node, written) -> Optional.empty());
        ExecutorFacts executor = new ExecutorFacts(
                "this machine",
                MachineFiles.operatingSystem(),
                Path.of(System.getProperty("java.io.tmpdir"), "millrace-parts").toString(),
                System.getProperty("user.home"),
                new SearchPath(
                        Optional.empty(),
                        List.of(System.getenv().getOrDefault("PATH", "").split(":"))),
                false,
                false,
                MachineFiles.view());
        return new PartFiles(job, executor);
    }

    private void join() {
        for (LocalPart consumer : parts) {
            for (BoundaryEdge edge : BoundaryEdge.inputs(graph, consumer.spec().nodes())) {
                if (edge.isFromApplication()) {
                    ends.join(edge.name(), consumer);
                } else {
                    partOf(edge.producer()).join(edge.name(), consumer);
                }
            }
        }
        ends.open();
    }

    private LocalPart partOf(String node) {
        return parts.stream()
                .filter(part -> part.spec().isHere(node))
                .findFirst()
                .orElseThrow();
    }

    private void open() {
        List<Throwable> failed = new ArrayList<>();
        List<CompletionStage<?>> opening = new ArrayList<>();
        parts.forEach(part -> opening.add(part.open()));
        for (CompletionStage<?> each : opening) {
            each.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    synchronized (failed) {
                        failed.add(failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                    parts.forEach(LocalPart::abandon);
                }
            });
        }
        try {
            all(opening).join();
            options.whenOpen().ifPresent(action -> action.accept(this));
        } catch (CompletionException e) {
            abandonFor(failed);
        } catch (RuntimeException e) {
            abandonFor(List.of(new DataflowStartException(
                    "dataflow '" + name() + "' did not start: what was to be done before messages flow has failed: "
                            + e.getMessage(),
                    e)));
        }
        for (LocalPart part : parts) {
            part.running().listen(event -> post(() -> onEvent(event)));
            part.running().completion().thenAccept(result -> post(() -> onEnded(result)));
        }
        parts.forEach(LocalPart::run);
        post(() -> {
            told = DataflowState.RUNNING;
            tell(new DataflowEvent.StateChanged(told));
        });
        waitUntilRunning();
    }

    private static CompletableFuture<Void> all(List<CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    private void waitUntilRunning() {
        long beginNs = System.nanoTime();
        while (state() == DataflowState.STARTING) {
            if (System.nanoTime() - beginNs > PATIENCE.toNanos()) {
                throw new AssertionError("it does not begin to run: " + status());
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private void abandonFor(List<? extends Throwable> failed) {
        List<Throwable> closing = new ArrayList<>();
        for (LocalPart part : parts) {
            part.abandon().toCompletableFuture().join().forEach(thrown -> {
                if (failed.stream()
                        .noneMatch(failure -> List.of(failure.getSuppressed()).contains(thrown))) {
                    closing.add(thrown);
                }
            });
        }
        throw Merging.startFailure(failed, closing);
    }

    // Events.

    private void post(Runnable action) {
        inbox.add(action);
    }

    private void runEvents() {
        try {
            while (!completion.isDone()) {
                inbox.take().run();
            }
        } catch (InterruptedException e) {
            completion.completeExceptionally(e);
        }
    }

    private void onEvent(DataflowEvent event) {
        if (event instanceof DataflowEvent.StateChanged changed) {
            if (changed.state() == DataflowState.STOPPING) {
                tellStopping();
            }
            return;
        }
        if (event instanceof DataflowEvent.NodeFailed failed) {
            failures.add(new DataflowResult.Failure(failed.node(), failed.error()));
        }
        tell(event);
    }

    private void tellStopping() {
        if (told == DataflowState.STOPPING) {
            return;
        }
        told = DataflowState.STOPPING;
        if (!isStopRequested) { // a node's failure has stopped its part
            stop(options.closeGrace());
        }
        tell(new DataflowEvent.StateChanged(told));
    }

    private void onEnded(DataflowResult result) {
        results.add(result);
        if (results.size() < parts.size()) {
            return;
        }
        ends.close();
        DataflowResult merged = merging.result(results, failures);
        DataflowResult whole = new DataflowResult(merged.state(), merged.failures(), statusIn(merged.state()));
        tell(new DataflowEvent.StateChanged(whole.state()));
        completion.complete(whole);
    }

    private void onOnlyDynamicLeft(LocalPart part) {
        onlyDynamicLeft.add(part);
        if (parts.stream()
                .allMatch(each ->
                        onlyDynamicLeft.contains(each) || each.running().state().isFinal())) {
            parts.forEach(LocalPart::dismiss);
        }
    }

    private void tell(DataflowEvent event) {
        for (Consumer<DataflowEvent> listener : List.copyOf(listeners)) {
            try {
                listener.accept(event);
            } catch (RuntimeException | Error e) {
                org.slf4j.LoggerFactory.getLogger(JoinedParts.class).error("a listener failed on {}", event, e);
            }
        }
    }

    // The handle.

    @Override
    public String name() {
        return graph.name();
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public DataflowState state() {
        if (completion.isDone()) {
            return completion.join().state();
        }
        DataflowState now =
                Merging.state(parts.stream().map(part -> part.running().state()).toList());
        return now.isFinal() ? (isStopRequested ? DataflowState.STOPPING : DataflowState.RUNNING) : now;
    }

    @Override
    public DataflowStatus status() {
        return statusIn(state());
    }

    private DataflowStatus statusIn(DataflowState state) {
        List<DataflowStatus> all = new ArrayList<>();
        parts.forEach(part -> all.add(part.running().status()));
        all.add(ends.status());
        return merging.status(state, all);
    }

    @Override
    public DataflowMetrics metrics() {
        List<DataflowMetrics> all = new ArrayList<>();
        parts.forEach(part -> all.add(part.running().metrics()));
        all.add(ends.metrics());
        return merging.metrics(all);
    }

    @Override
    public List<Stall> explainStall() {
        List<List<Stall>> all = new ArrayList<>(List.of(ends.explainStall()));
        parts.forEach(part -> all.add(part.running().explainStall()));
        return Merging.stalls(all);
    }

    @Override
    public Publisher publisher(String name) {
        return ends.publisher(name);
    }

    @Override
    public Subscription subscribe(String output, SubscribeOptions subscribeOptions) {
        return partOf(names.output(output).node()).running().subscribe(output, subscribeOptions);
    }

    @Override
    public Tap tap(List<String> outputs, SubscribeOptions tapOptions, TapHandler handler) {
        Objects.requireNonNull(handler, "handler");
        WakeSignal signal = new WakeSignal();
        List<TapInput> inputs = new ArrayList<>();
        List<CompletionStage<?>> attached = new ArrayList<>();
        for (String output : names.tapped(outputs)) {
            Optional<InputSource.OutputRef> node = graph.findOutput(output);
            if (node.isEmpty()) {
                inputs.add(ends.tapInput(output.substring("millrace/app/".length()), tapOptions, signal));
                continue;
            }
            AtomicReference<@Nullable TapInput> input = new AtomicReference<>();
            OutputFeed feed =
                    partOf(node.get().node()).feed(output, tapOptions, false, signal, fresh -> replace(input, fresh));
            input.set(new TapInput(output, feed.edge(), feed::end));
            inputs.add(Objects.requireNonNull(input.get()));
            attached.add(feed.attached());
        }
        Tap tap = ends.tap(inputs, signal, handler, completion::isDone);
        completion.minimalCompletionStage().whenComplete((result, failure) -> signal.signal());
        if (state() != DataflowState.STARTING && Thread.currentThread() != events) {
            CompletableFuture.anyOf(all(attached), completion).join();
        }
        return tap;
    }

    private static void replace(AtomicReference<@Nullable TapInput> input, Edge fresh) {
        Objects.requireNonNull(input.get()).replace(fresh);
    }

    @Override
    public void listen(Consumer<DataflowEvent> listener) {
        post(() -> listeners.add(listener));
    }

    @Override
    public CompletionStage<DataflowResult> completion() {
        return completion.minimalCompletionStage();
    }

    @Override
    public DataflowResult await() throws InterruptedException {
        checkMayWait();
        try {
            return completion.get();
        } catch (ExecutionException e) {
            throw new AssertionError("the completion never fails", e);
        }
    }

    @Override
    public DataflowResult await(Duration timeout) throws InterruptedException, TimeoutException {
        checkMayWait();
        try {
            return completion.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the completion never fails", e);
        }
    }

    private void checkMayWait() {
        if (Thread.currentThread() == events && !completion.isDone()) {
            throw new IllegalStateException("dataflow '" + name() + "': a listener cannot wait for the end");
        }
    }

    @Override
    public CompletionStage<DataflowResult> stop(Duration grace) {
        isStopRequested = true;
        parts.forEach(part -> part.running().stop(grace));
        ends.close(); // now, for whoever ends with its application inputs has stopped, not finished
        return completion();
    }

    @Override
    public void close() {
        stop(options.closeGrace());
        if (Thread.currentThread() == events) {
            return;
        }
        try {
            await(options.closeGrace().plusSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            throw new AssertionError("it has not ended: " + status(), e);
        }
    }
}
