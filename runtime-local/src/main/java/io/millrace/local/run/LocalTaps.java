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
import java.util.ArrayList;
import java.util.List;
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
        List<TappedEdge> edges = new ArrayList<>();
        for (String output : new OutputNames(wiring.graph()).tapped(names)) {
            TappedOutput producer = wiring.outputs().findTapped(output).orElseThrow();
            Supplier<Edge> made = () -> wiring.rings().ringBeside(options, signal, producer, output + " -> tap");
            TappedEdge tapped = new TappedEdge(
                    output, producer, made.get(), wiring.retentions().ofApplication(output));
            producer.keep(tapped, made);
            edges.add(tapped);
        }
        LocalTap tap = new LocalTap(wiring.name(), edges, signal, handler, coordinator.completion()::isDone);
        Thread thread = new Thread(
                tap, "millrace-" + wiring.name() + "-tap-" + tap.outputs().get(0));
        thread.setDaemon(true);
        thread.start();
        open.add(tap);
        tap.completion().whenComplete((nothing, failure) -> open.remove(tap));
        tap.wake(); // the dataflow may have ended before this tap was among those that are told
        attach(tap, edges);
        return tap;
    }

    private void attach(LocalTap tap, List<TappedEdge> edges) {
        Attachments attachments = new Attachments(coordinator);
        for (TappedEdge edge : edges) {
            TappedOutput producer = edge.producer();
            EdgeWriter writer = edge.edge().writer();
            if (!attachments.add(producer, () -> producer.port().watch(writer))) {
                writer.close();
            }
        }
        try {
            attachments.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tap.close();
            throw new IllegalStateException("interrupted while attaching the " + tap, e);
        }
    }
}
