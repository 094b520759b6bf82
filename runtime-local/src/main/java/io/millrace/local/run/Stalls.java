package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.local.wiring.TappedOutput;
import io.millrace.local.wiring.WiredEdge;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.Stall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out who holds nodes up. Any thread. */
final class Stalls {
    /** An edge that is full for a moment belongs to a reader that is slow; after so long it has taken nothing. */
    private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private Stalls() {}

    static List<Stall> of(Wiring wiring, Collection<NodeLife> lives) {
        long nowNs = System.nanoTime();
        List<Stall> stalls = new ArrayList<>();
        for (NodeLife life : lives) {
            long heldNs = life.state().isFinal() ? 0 : life.heldNs(nowNs);
            if (heldNs > 0) {
                stalls.add(new Stall(
                        Stall.Holder.NODE,
                        life.nodeId(),
                        heldUpBy(wiring, life),
                        Duration.ofNanos(heldNs),
                        List.of(life.thread().getStackTrace())));
            }
        }
        Set<String> ended = lives.stream()
                .filter(life -> life.state().isFinal())
                .map(NodeLife::nodeId)
                .collect(Collectors.toSet());
        for (TappedOutput output : wiring.outputs().tapped()) {
            if (!ended.contains(output.node())) {
                output.readers().forEach(reader -> reader.stall(nowNs).ifPresent(stalls::add));
            }
        }
        stalls.sort(Comparator.comparing(Stall::heldFor).reversed());
        return stalls;
    }

    /**
     * How who reads an output without being part of the graph holds it up, if that is so.
     *
     * @param thread that reads; null if none does
     */
    static Optional<Stall> ofReader(
            Stall.Holder holder, String output, String edge, Edge over, @Nullable Thread thread, long nowNs) {
        long heldNs = over.writer().fullForNs(nowNs);
        // Who makes room wakes the producer, which then finds the edge no longer full; if it has nothing more to send
        // it does not look.
        if (heldNs < SHORTEST_NS || over.writer().sent() <= over.reader().roomGiven()) {
            return Optional.empty();
        }
        List<StackTraceElement> stack = thread == null ? List.of() : List.of(thread.getStackTrace());
        return Optional.of(new Stall(holder, output, List.of(edge), Duration.ofNanos(heldNs), stack));
    }

    private static List<String> heldUpBy(Wiring wiring, NodeLife life) {
        return wiring.edges().all().stream()
                .filter(edge -> edge.node().equals(life.nodeId()) && edge.backlog() > 0)
                .map(WiredEdge::name)
                .toList();
    }
}
