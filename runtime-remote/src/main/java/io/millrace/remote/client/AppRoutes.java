package io.millrace.remote.client;

import io.millrace.graph.Graph;
import io.millrace.graph.InputSource;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.run.ApplicationEnds;
import io.millrace.local.run.BoundaryEdge;
import io.millrace.local.run.OutputNames;
import io.millrace.local.run.TapInput;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingEdge.Remainder;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.Stall;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where the application's ends of a job's edges lead: over links to the executors that have the other ends. Any thread; routes belong to the client's agenda. */
final class AppRoutes {
    private static final String APPLICATION = "millrace/app/";
    /** After the end of the job: what is under way has come by then. */
    private static final Duration LAST_MESSAGES = Duration.ofSeconds(10);

    private final Graph graph;
    private final JobRun job;
    private final ClusterClient client;
    private final LinkHub hub;
    private final Self self;
    private final ApplicationEnds ends;

    // The agenda's thread.
    private final List<PublishRoute> publishers = new ArrayList<>();
    private final Set<ReceiveRoute> receivers = new LinkedHashSet<>();
    private long lastNumber;

    /** Whom executors are to expect. */
    record Self(String name, String instance) {}

    AppRoutes(Graph graph, JobRun job, ClusterClient client, LinkHub hub, Self self, ApplicationEnds ends) {
        this.graph = graph;
        this.job = job;
        this.client = client;
        this.hub = hub;
        this.self = self;
        this.ends = ends;
    }

    ApplicationEnds ends() {
        return ends;
    }

    /** From now on edges follow the parts of the job. */
    void begin() {
        for (BoundaryEdge edge : BoundaryEdge.inputs(graph, nodes())) {
            publishers.add(new PublishRoute(this, edge, ends));
        }
        ends.open();
        job.follow(this::onView);
        job.whenComplete(() -> client.agenda().execute(() -> client.agenda().after(LAST_MESSAGES, this::end)));
    }

    private Set<String> nodes() {
        Set<String> all = new LinkedHashSet<>();
        graph.nodes().forEach(node -> all.add(node.id()));
        return all;
    }

    private void onView(JobView view) {
        publishers.forEach(route -> route.follow(view));
        List.copyOf(receivers).forEach(route -> route.follow(view));
    }

    private void end() {
        List.copyOf(receivers).forEach(ReceiveRoute::end);
        publishers.forEach(PublishRoute::end);
    }

    /**
     * Looks what the application has published that is not known to have arrived. Any thread.
     *
     * @return what there is to say of each such edge; nothing once the job is over
     */
    CompletionStage<List<String>> undelivered() {
        CompletableFuture<List<String>> found = new CompletableFuture<>();
        client.agenda().execute(() -> {
            Map<String, CompletableFuture<Remainder>> remainders = new LinkedHashMap<>();
            if (!job.known().state().isFinal()) {
                publishers.forEach(
                        route -> remainders.put(route.name(), route.remainder().toCompletableFuture()));
            }
            var unused = CompletableFuture.allOf(remainders.values().toArray(CompletableFuture[]::new))
                    .whenComplete((nothing, error) -> {
                        List<String> texts = new ArrayList<>();
                        remainders.forEach(
                                (edge, remainder) -> text(edge, remainder).ifPresent(texts::add));
                        found.complete(texts);
                    });
        });
        return found;
    }

    private static Optional<String> text(String edge, CompletableFuture<Remainder> known) {
        if (known.isCompletedExceptionally()) {
            return Optional.of("edge '" + edge + "': what has arrived is not known, for its link is closed");
        }
        Remainder remainder = known.join();
        if (remainder.isNothing()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        if (remainder.waiting() > 0) {
            texts.add(remainder.waiting() + " messages were not sent");
        }
        if (remainder.underWay() > 0) {
            texts.add(remainder.underWay() + " were sent and may not have arrived");
        }
        if (texts.isEmpty()) {
            texts.add("it has no word that the publisher has closed");
        }
        return Optional.of("edge '" + edge + "': " + String.join(", ", texts));
    }

    String jobName() {
        return graph.name();
    }

    /** The part that has the node now. The agenda's thread. */
    Optional<PartPlace> placeOf(String nodeId) {
        return place(job.known(), nodeId);
    }

    // What routes use.

    Agenda agenda() {
        return client.agenda();
    }

    LinkHub hub() {
        return hub;
    }

    Self self() {
        return self;
    }

    /** A session of its own for each time that an edge is connected. */
    EdgeSession publishing(String edge, long consumerEpoch) {
        return new EdgeSession(job.jobId(), edge, newNumber(), consumerEpoch);
    }

    EdgeSession receiving(String output, long producerEpoch) {
        long number = newNumber();
        return new EdgeSession(job.jobId(), output + " -> application/" + number, producerEpoch, number);
    }

    /** Greater than all before, also those of clients before this one: to a link a smaller one is stale. */
    private long newNumber() {
        lastNumber = Math.max(
                lastNumber + 1,
                System.currentTimeMillis() << 16 | self.instance().hashCode() & 0xFFFF);
        return lastNumber;
    }

    CompletionStage<Question.Answer> ask(PartPlace place, Question question) {
        return client.askPart(place.id(), question);
    }

    /** The part that has the node, once it is so far that its edges can be connected. */
    static Optional<PartPlace> place(JobView view, String nodeId) {
        return view.parts().stream()
                .filter(part -> part.place().nodes().contains(nodeId))
                .filter(part -> part.state() == PartState.OPENED
                        || part.state() == PartState.RUNNING
                        || part.state() == PartState.STOPPING)
                .map(JobView.PartView::place)
                .findFirst();
    }

    static LinkPeer peer(PartPlace place) {
        return new LinkPeer(
                place.machineId(),
                place.instance(),
                Optional.of(InetSocketAddress.createUnresolved(place.linkHost(), place.linkPort())));
    }

    // Receiving. Any thread.

    Subscription subscribe(String output, SubscribeOptions options) {
        InputSource.OutputRef ref = new OutputNames(graph).output(output);
        WakeSignal signal = new WakeSignal();
        ReceiveRoute route = new ReceiveRoute(this, ref, options, true, signal);
        Subscription subscription = ApplicationEnds.subscription(output, route.ring(), signal, options, route::isOver);
        begin(route);
        return subscription;
    }

    Tap tap(List<String> names, SubscribeOptions options, TapHandler handler) {
        WakeSignal signal = new WakeSignal();
        List<ReceiveRoute> routes = new ArrayList<>();
        List<TapInput> inputs = new ArrayList<>();
        for (String source : new OutputNames(graph).tapped(names)) {
            if (source.startsWith(APPLICATION)) {
                inputs.add(ends.tapInput(source.substring(APPLICATION.length()), options, signal));
            } else {
                ReceiveRoute route =
                        new ReceiveRoute(this, graph.findOutput(source).orElseThrow(), options, false, signal);
                routes.add(route);
                inputs.add(new TapInput(source, route.ring(), route::finish));
            }
        }
        Tap tap = ends.tap(
                inputs,
                signal,
                handler,
                () -> routes.stream().allMatch(ReceiveRoute::isOver)
                        && job.completion().isDone());
        routes.forEach(this::begin);
        return tap;
    }

    private void begin(ReceiveRoute route) {
        client.agenda().execute(() -> {
            receivers.add(route);
            route.follow(job.known());
        });
        if (!job.isCallingThread()) {
            Waits.forReply(route.attached(), client.timeout());
        }
    }

    void forget(ReceiveRoute route) {
        receivers.remove(route);
    }

    List<Stall> explainStall() {
        return ends.explainStall();
    }

    /** Nothing is published or received any more. Any thread; does not block. */
    void close() {
        ends.close();
        client.agenda().execute(this::end);
    }
}
