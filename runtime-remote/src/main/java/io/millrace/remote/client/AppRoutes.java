package io.millrace.remote.client;

import io.millrace.graph.Graph;
import io.millrace.graph.InputSource;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.run.ApplicationEnds;
import io.millrace.local.run.OutputNames;
import io.millrace.local.run.TapInput;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingEdge.Remainder;
import io.millrace.remote.link.Role;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.Stall;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

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
    private final LongSupplier numbers;
    private final Set<String> used = ConcurrentHashMap.newKeySet(); // publishers that somebody has
    private boolean isOfStarter; // before it is handed out
    private final List<PublishRoute> publishers = new ArrayList<>(); // before it is handed out; each is the agenda's

    // Written by the agenda's thread, read by any.
    private final Set<ReceiveRoute> receivers = ConcurrentHashMap.newKeySet();

    /** Whom executors are to expect. */
    record Self(String name, String instance) {}

    /** @param numbers no two of them are the same, of this client and of others */
    AppRoutes(
            Graph graph,
            JobRun job,
            ClusterClient client,
            LinkHub hub,
            Self self,
            ApplicationEnds ends,
            LongSupplier numbers) {
        this.graph = graph;
        this.job = job;
        this.client = client;
        this.hub = hub;
        this.self = self;
        this.ends = ends;
        this.numbers = numbers;
    }

    ApplicationEnds ends() {
        return ends;
    }

    /**
     * From now on edges follow the parts of the job.
     *
     * @param ofStarter whether publishers are connected before anybody asks for one; else whoever publishes into the job already is left alone until then
     */
    void begin(boolean ofStarter) {
        isOfStarter = ofStarter;
        for (BoundaryEdge edge : BoundaryEdge.inputs(graph, nodes())) {
            publishers.add(new PublishRoute(this, edge, ends, numbers.getAsLong()));
        }
        if (ofStarter) {
            publishers.forEach(PublishRoute::want);
        }
        ends.open();
        job.follow(this::onView);
        job.whenComplete(() -> client.agenda().execute(() -> client.agenda().after(LAST_MESSAGES, this::endWithJob)));
    }

    private Set<String> nodes() {
        Set<String> all = new LinkedHashSet<>();
        graph.nodes().forEach(node -> all.add(node.id()));
        return all;
    }

    /** Its edges are connected from now on, each in the place of whoever else fed it. Any thread. */
    Publisher publisher(String name) {
        Publisher publisher = ends.publisher(name);
        String source = APPLICATION + name;
        if (used.add(source) && !isOfStarter) {
            List<PublishRoute> wanted = publishers.stream()
                    .filter(route -> route.source().equals(source))
                    .toList();
            wanted.forEach(PublishRoute::closeIfEnded);
            client.agenda().execute(() -> wanted.forEach(this::want));
        }
        return publisher;
    }

    private void want(PublishRoute route) {
        route.want();
        route.follow(job.known());
    }

    /** Whether somebody has the publisher. Any thread. */
    boolean isUsed(String source) {
        return used.contains(source);
    }

    private void onView(JobView view) {
        publishers.forEach(route -> route.follow(view));
        List.copyOf(receivers).forEach(route -> route.follow(view));
    }

    private void endWithJob() {
        List.copyOf(receivers).forEach(ReceiveRoute::endWithJob);
        publishers.forEach(PublishRoute::end);
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
                publishers.stream()
                        .filter(PublishRoute::isWanted)
                        .forEach(route ->
                                remainders.put(route.name(), route.remainder().toCompletableFuture()));
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

    /** Whether the part that has the node neither sends nor takes anything any more. Any thread. */
    boolean hasEnded(String nodeId) {
        JobView known = job.known();
        List<JobView.PartView> parts = known.parts().stream()
                .filter(part -> part.place().nodes().contains(nodeId))
                .toList();
        return known.state().isFinal()
                || !parts.isEmpty()
                        && parts.stream().allMatch(part -> part.state().isFinal());
    }

    /** The agenda's thread. */
    boolean isJobOver() {
        return job.known().state().isFinal();
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
    EdgeSession receiving(String output, long producerEpoch) {
        long number = numbers.getAsLong();
        return new EdgeSession(job.jobId(), output + " -> application/" + number, producerEpoch, number);
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
                Role.EXECUTOR,
                place.machineId(),
                place.instance(),
                Optional.of(InetSocketAddress.createUnresolved(place.linkHost(), place.linkPort())));
    }

    // Receiving. Any thread.

    Subscription subscribe(String output, SubscribeOptions options) {
        InputSource.OutputRef ref = new OutputNames(graph).output(output);
        WakeSignal signal = new WakeSignal();
        ReceiveRoute route = new ReceiveRoute(this, ref, options, true, signal);
        Subscription subscription =
                ends.subscription(output, route.ring(), signal, options, route::isOver, route::droppedElsewhere);
        route.readBy(() -> ApplicationEnds.stackOf(subscription));
        begin(List.of(route), subscription::close);
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
                inputs.add(input(source, route));
            }
        }
        Tap tap = ends.tap(
                inputs,
                signal,
                handler,
                () -> routes.stream().allMatch(ReceiveRoute::isOver)
                        && job.completion().isDone());
        begin(routes, tap::close);
        return tap;
    }

    private static TapInput input(String source, ReceiveRoute route) {
        TapInput input = new TapInput(source, route.ring(), route::finish);
        route.readBy(new ReceiveRoute.Reader() {
            @Override
            public List<StackTraceElement> stack() {
                return input.stack();
            }

            @Override
            public void onCounted(long dropped, long fullNs) {
                input.countElsewhere(dropped, fullNs);
            }

            @Override
            public void onLost(OutputLostException why) {
                input.fail(why);
            }
        });
        return input;
    }

    /** Where the caller gets nothing, such as one that is interrupted while he waits, nothing is left that could hold up a node. */
    private void begin(List<ReceiveRoute> begun, Runnable close) {
        try {
            begun.forEach(this::begin);
        } catch (RuntimeException e) {
            close.run();
            client.agenda().execute(() -> begun.forEach(ReceiveRoute::end));
            throw e;
        }
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

    /** Nothing is received any more. Any thread; does not block. */
    void endReceiving() {
        client.agenda().execute(() -> List.copyOf(receivers).forEach(ReceiveRoute::end));
    }

    /**
     * Who holds up others, of this application's readers and the parts' nodes.
     *
     * @param told by the parts: of readers they know that their edge is full, and here is known who of this application has taken what waited, and where the others stand
     */
    List<Stall> explainStall(List<Stall> told) {
        List<Stall> stalls = new ArrayList<>(ends.explainStall());
        Map<List<Object>, List<Stall>> ofReaders = new LinkedHashMap<>();
        for (Stall stall : told) {
            if (stall.holder() == Stall.Holder.NODE) {
                stalls.add(stall);
            } else {
                ofReaders
                        .computeIfAbsent(List.of(stall.holder(), stall.name()), key -> new ArrayList<>())
                        .add(stall);
            }
        }
        ofReaders.values().forEach(same -> stalls.addAll(ofReaders(same)));
        stalls.sort(Comparator.comparing(Stall::heldFor).reversed());
        return stalls;
    }

    /** Those of one kind on one output: as many are other applications' as are more than ours. */
    private List<Stall> ofReaders(List<Stall> told) {
        Stall first = told.get(0);
        List<ReceiveRoute> own = receivers.stream()
                .filter(route ->
                        route.holder() == first.holder() && route.output().equals(first.name()) && !route.isOver())
                .toList();
        List<ReceiveRoute> holding =
                own.stream().filter(ReceiveRoute::isHolding).toList();
        List<Stall> stalls = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            if (i < holding.size()) {
                stalls.add(standing(told.get(i), holding.get(i).stack()));
            } else if (i >= own.size()) {
                stalls.add(standing(told.get(i), List.of()));
            }
        }
        return stalls;
    }

    private static Stall standing(Stall stall, List<StackTraceElement> stack) {
        return new Stall(stall.holder(), stall.name(), stall.edges(), stall.heldFor(), stack);
    }

    /** Nothing is published or received any more, but what is under way when the job is over. Any thread; does not block. */
    void close() {
        ends.close();
        client.agenda().execute(() -> {
            if (!isJobOver()) {
                end();
            }
        });
    }
}
