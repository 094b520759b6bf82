package io.millrace.local.run;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.local.waiting.Threads;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Parts of one dataflow, for tests. */
final class PartRig implements AutoCloseable {
    static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofMillis(200))
            .keepAlive(false)
            .build();

    private final Graph graph;
    private final List<LocalPart> parts = new ArrayList<>();

    /** Keeps what it is told. */
    static class Told implements PartListener {
        @Override
        public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
            throw new AssertionError("nobody is to be told that " + failed + " has failed: " + error);
        }

        @Override
        public void onNodeRestarted(String consumer, String restarted) {
            throw new AssertionError("nobody is to be told that " + restarted + " runs again");
        }
    }

    /** @param yaml classes named without the package of the contract's nodes */
    PartRig(String yaml) {
        graph = Dataflow.parse(yaml.replace("class: ", "class: io.millrace.contract.nodes."))
                .graph();
    }

    PartRig(Graph graph) {
        this.graph = graph;
    }

    Graph graph() {
        return graph;
    }

    LocalPart part(String... nodes) {
        return part(new Told(), nodes);
    }

    LocalPart part(PartListener listener, String... nodes) {
        return part(new PartSpec(
                graph, Set.of(nodes), 0, Map.of(), JoinedParts.files(graph), PartCheckpoints.NONE, listener));
    }

    LocalPart part(PartSpec spec) {
        LocalPart part = prepare(spec);
        parts.add(part);
        return part;
    }

    static LocalPart prepare(PartSpec spec) {
        try {
            return LocalPart.prepare(spec, OPTIONS).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Opens all parts, and has messages flow. */
    void run() throws Exception {
        open();
        parts.forEach(LocalPart::run);
    }

    void open() throws Exception {
        for (LocalPart part : parts) {
            part.open().toCompletableFuture().get(Threads.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** To be asked for before the part runs. */
    static Subscription all(LocalPart part, String output) {
        return part.running().subscribe(output, SubscribeOptions.backpressure(1000));
    }

    /** All texts until the output closes. */
    static List<String> rest(Subscription subscription) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        long beginNs = System.nanoTime();
        while (!subscription.isClosed()) {
            subscription.poll(message -> texts.add(message.text()), Duration.ofMillis(200));
            if (System.nanoTime() - beginNs > Threads.DEADLINE.toNanos()) {
                throw new AssertionError(subscription.output() + " has not closed after " + texts);
            }
        }
        return texts;
    }

    /** The first text that begins so, after whatever others. */
    static String next(Subscription subscription, String begin) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        long beginNs = System.nanoTime();
        while (texts.stream().noneMatch(text -> text.startsWith(begin))) {
            subscription.poll(message -> texts.add(message.text()), Duration.ofMillis(200));
            if (System.nanoTime() - beginNs > Threads.DEADLINE.toNanos()) {
                throw new AssertionError(subscription.output() + " has brought only " + texts);
            }
        }
        return texts.stream().filter(text -> text.startsWith(begin)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        for (LocalPart part : parts) {
            part.running().stop(OPTIONS.closeGrace());
            part.abandon()
                    .toCompletableFuture()
                    .orTimeout(Threads.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }
}
