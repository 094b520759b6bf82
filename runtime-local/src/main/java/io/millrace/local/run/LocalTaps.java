package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.run.LocalTap.TappedEdge;
import io.millrace.local.wiring.TappedOutput;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The taps of one dataflow: attaches them, and wakes those that there are when it is over. Any thread. */
final class LocalTaps {
    private final Wiring wiring;
    private final Coordinator coordinator;
    private final Set<LocalTap> open = ConcurrentHashMap.newKeySet();

    LocalTaps(Wiring wiring, Coordinator coordinator) {
        this.wiring = wiring;
        this.coordinator = coordinator;
        coordinator
                .completion()
                .minimalCompletionStage()
                .whenComplete((result, failure) -> open.forEach(LocalTap::wake));
    }

    Tap add(List<String> names, SubscribeOptions options, TapHandler handler) {
        Objects.requireNonNull(handler, "handler");
        WakeSignal signal = new WakeSignal();
        // With the writer of each before anybody knows it: another edge may take its place from then on.
        Map<TappedEdge, EdgeWriter> edges = new LinkedHashMap<>();
        LocalTap tap;
        try {
            for (String output : new OutputNames(wiring.graph()).tapped(names)) {
                keep(output, options, signal, edges);
            }
            tap = new LocalTap(
                    wiring.name(),
                    List.copyOf(edges.keySet()),
                    signal,
                    handler,
                    coordinator.completion()::isDone,
                    wiring.options().debug());
            start(tap);
        } catch (RuntimeException | Error e) { // no memory for an edge, or no thread
            edges.keySet().forEach(TappedEdge::finish);
            throw e;
        }
        open.add(tap);
        tap.completion().whenComplete((nothing, failure) -> open.remove(tap));
        tap.wake(); // the dataflow may have ended before this tap was among those that are told
        attach(tap, edges);
        return tap;
    }

    private void keep(String output, SubscribeOptions options, WakeSignal signal, Map<TappedEdge, EdgeWriter> edges) {
        TappedOutput producer = wiring.outputs().findTapped(output).orElseThrow();
        Supplier<Edge> made = () -> wiring.rings().ringBeside(options, signal, producer, output + " -> tap");
        Edge edge = made.get();
        TappedEdge tapped =
                new TappedEdge(output, producer, edge, wiring.retentions().ofApplication(output));
        edges.put(tapped, edge.writer());
        producer.keep(tapped, made);
    }

    private void start(LocalTap tap) {
        Thread thread = new Thread(
                tap, "millrace-" + wiring.name() + "-tap-" + tap.outputs().get(0));
        thread.setDaemon(true);
        thread.start();
    }

    private void attach(LocalTap tap, Map<TappedEdge, EdgeWriter> edges) {
        Attachments attachments = new Attachments(coordinator);
        edges.forEach((edge, writer) -> {
            TappedOutput producer = edge.producer();
            if (!attachments.add(producer, () -> producer.port().watch(writer))) {
                writer.close();
            }
        });
        try {
            attachments.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tap.close();
            throw new IllegalStateException("interrupted while attaching the " + tap, e);
        }
    }
}
