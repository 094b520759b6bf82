package io.millrace.local.run;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.TimeSamples;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.PartListener;
import io.millrace.local.plan.Preparation;
import io.millrace.local.program.ProgramLimits;
import io.millrace.local.run.LocalTap.TappedEdge;
import io.millrace.local.wiring.AppPublisher;
import io.millrace.local.wiring.BoundaryOutput;
import io.millrace.local.wiring.MetricsReading;
import io.millrace.local.wiring.Statuses;
import io.millrace.local.wiring.WiredEdge;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.Stall;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The application's ends of a dataflow whose nodes all run in parts, perhaps elsewhere: publishers with an edge to each input that they feed, and readers of edges that come
 * from outputs. Any thread.
 */
public final class ApplicationEnds implements AutoCloseable {
    private final Graph graph;
    private final StartOptions options;
    private final Consumer<String> onFirstDrop;
    private final Map<String, AppPublisher> publishers = new LinkedHashMap<>();
    private final Map<String, BoundaryOutput> edges = new LinkedHashMap<>();
    private final Set<TappedEdge> tapped = ConcurrentHashMap.newKeySet();

    /**
     * Makes the publishers. Their edges are to be connected; see {@link #open}.
     *
     * @param onFirstDrop told of an edge when its first message gives way to a newer one, by the thread that sends; must not block
     */
    public ApplicationEnds(Graph graph, StartOptions options, Consumer<String> onFirstDrop) {
        this.graph = graph;
        this.options = options;
        this.onFirstDrop = onFirstDrop;
        for (String name : graph.applicationInputs()) {
            publishers.put(name, new AppPublisher(name, options.clock(), () -> {}, options.debug()));
        }
        for (BoundaryEdge edge : BoundaryEdge.all(graph)) {
            if (edge.isFromApplication()) {
                add(edge);
            }
        }
    }

    private void add(BoundaryEdge edge) {
        AppPublisher publisher = publisherOf(edge);
        GraphNode consumer = graph.node(edge.consumer());
        if (Preparation.isProcess(consumer)) {
            ProgramLimits.limit(publisher.port(), consumer.id());
        }
        edges.put(edge.name(), new BoundaryOutput(edge, publisher, this::newRing, Unreplaced.LISTENER));
    }

    private AppPublisher publisherOf(BoundaryEdge edge) {
        String source = edge.input().source().toString();
        for (AppPublisher publisher : publishers.values()) {
            if (publisher.port().name().equals(source)) {
                return publisher;
            }
        }
        throw new AssertionError("there is no publisher " + source);
    }

    /** Publishers are not replaced, and no node of theirs fails. */
    private static final class Unreplaced implements PartListener {
        private static final PartListener LISTENER = new Unreplaced();

        @Override
        public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {}

        @Override
        public void onNodeRestarted(String consumer, String restarted) {}
    }

    private Edge newRing(BoundaryEdge edge, @Nullable WakeSignal reader, @Nullable WakeSignal writer) {
        Edge ring = Edge.create(
                edge.input().policy(),
                edge.input().queueSize(),
                reader,
                writer,
                RingChoice.AUTOMATIC,
                () -> onFirstDrop.accept(edge.name()));
        return options.metrics() ? ring.measure(options.clock(), TimeSamples.FINE) : ring;
    }

    // Publishing.

    /** The names of the edges from publishers, such as {@code millrace/app/in -> relay/in}. */
    public List<String> boundaryOutputs() {
        return List.copyOf(edges.keySet());
    }

    /** As {@link LocalPart#output}. */
    public Edge output(String edge, WakeSignal readerSignal) {
        return known(edge).connect(readerSignal);
    }

    /** As {@link LocalPart#join}. */
    public void join(String edge, LocalPart consumer) {
        known(edge).join(consumer.joinable(edge));
    }

    private BoundaryOutput known(String edge) {
        BoundaryOutput output = edges.get(edge);
        if (output == null) {
            throw new IllegalArgumentException("the application feeds no edge '" + edge + "' of dataflow '"
                    + graph.name() + "'; those that it feeds are " + edges.keySet());
        }
        return output;
    }

    /** From now on publishers may be used. What is sent to an edge that is not connected waits there, by the edge's policy, for who reads it later. */
    public void open() {
        edges.values().forEach(BoundaryOutput::start);
    }

    /** As {@link io.millrace.runtime.RunningDataflow#publisher}. */
    public Publisher publisher(String name) {
        Publisher publisher = publishers.get(name);
        if (publisher == null) {
            throw new IllegalArgumentException("dataflow '" + graph.name() + "' has no input that reads 'millrace/app/"
                    + name + "'; names read are " + publishers.keySet());
        }
        return publisher;
    }

    /** Closes every publisher. Idempotent; does not wait for room. */
    @Override
    public void close() {
        publishers.values().forEach(AppPublisher::close);
    }

    // Subscribing.

    /**
     * A subscription that reads an edge which somebody else feeds.
     *
     * @param signal what the edge's reader was made with
     * @param isOver after which nothing comes any more, even if nobody has closed the edge
     * @param droppedElsewhere how many messages gave way before they came to the edge
     */
    public Subscription subscription(
            String output,
            Edge edge,
            WakeSignal signal,
            SubscribeOptions subscribeOptions,
            BooleanSupplier isOver,
            LongSupplier droppedElsewhere) {
        return new AppSubscription(
                output,
                new ReadEdges(edge, null),
                signal,
                subscribeOptions.queueSize(),
                isOver,
                droppedElsewhere,
                options.debug());
    }

    /** Where the thread stands that polls one of {@link #subscription}; empty if none does. Any thread. */
    public static List<StackTraceElement> stackOf(Subscription subscription) {
        Thread polling = ((AppSubscription) subscription).polling();
        return polling == null ? List.of() : List.of(polling.getStackTrace());
    }

    /**
     * Begins a tap, on a thread of its own, that reads edges which somebody else feeds.
     *
     * @param signal what the edges' readers were made with; to be signalled when {@code isOver} has become true
     * @param isOver after which nothing comes any more, even if nobody has closed the edges
     */
    public Tap tap(List<TapInput> inputs, WakeSignal signal, TapHandler handler, BooleanSupplier isOver) {
        List<TappedEdge> read = inputs.stream().map(TapInput::tapped).toList();
        tapped.addAll(read);
        LocalTap tap = new LocalTap(graph.name(), read, signal, handler, isOver, options.debug());
        tap.completion().whenComplete((nothing, failure) -> read.forEach(tapped::remove));
        Thread thread = new Thread(
                tap, "millrace-" + graph.name() + "-tap-" + tap.outputs().get(0));
        thread.setDaemon(true);
        thread.start();
        return tap;
    }

    /**
     * What a publisher sends from now on, for a tap.
     *
     * @param name without {@code millrace/app/}
     */
    public TapInput tapInput(String name, SubscribeOptions tapOptions, WakeSignal signal) {
        AppPublisher publisher = (AppPublisher) publisher(name);
        String output = publisher.port().name();
        Supplier<Edge> edges = () -> {
            Edge made = Edge.create(
                    tapOptions.policy(),
                    tapOptions.queueSize(),
                    signal,
                    publisher.signal(),
                    RingChoice.AUTOMATIC,
                    () -> onFirstDrop.accept(output + " -> tap"));
            made.writer().measureFull();
            return made;
        };
        Edge edge = edges.get();
        TappedEdge made = new TappedEdge(output, publisher, edge);
        publisher.keep(made, edges);
        if (!publisher.post(() -> publisher.port().watch(edge.writer()))) {
            edge.writer().close();
        }
        return new TapInput(made);
    }

    // Counting.

    /** What the application has sent: edges only, for {@link Merging}. */
    public DataflowStatus status() {
        return Statuses.of(graph.name(), DataflowState.RUNNING, halves());
    }

    /** Likewise. */
    public DataflowMetrics metrics() {
        return MetricsReading.of(graph.name(), halves());
    }

    private List<WiredEdge> halves() {
        List<WiredEdge> halves = new ArrayList<>();
        for (BoundaryOutput output : edges.values()) {
            WiredEdge half = output.half();
            if (half != null) {
                halves.add(half);
            }
        }
        return halves;
    }

    /** Taps that hold up who feeds them. */
    public List<Stall> explainStall() {
        long nowNs = System.nanoTime();
        return tapped.stream().flatMap(edge -> edge.stall(nowNs).stream()).toList();
    }
}
