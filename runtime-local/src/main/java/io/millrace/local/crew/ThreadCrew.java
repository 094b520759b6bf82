package io.millrace.local.crew;

import io.millrace.local.affinity.CpuAffinity;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.waiting.SelectorWaiting;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.ThreadWaiting;
import io.millrace.local.waiting.Waiting;
import io.millrace.node.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for each node, and workers for those that share. */
public final class ThreadCrew implements Crew {

    /** Makes threads that have their name and are not started. */
    public interface Threads {
        /** @param suffix of its name, after that of the dataflow */
        Thread thread(Runnable action, String suffix);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ThreadCrew.class);

    private final ThreadPlan plan;
    private final NodeThreads threads;
    private final Map<String, Seat> seats = new HashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<SelectorWaiting> selectors = new ArrayList<>();
    private final ConcurrentMap<Thread, SelectorWaiting> relieving = new ConcurrentHashMap<>();

    /** A worker that is made when its first node comes. */
    private static final class Seat {
        private final String suffix;
        private final Waiting waiting;
        private final ReadyQueue ready;
        private final Map<String, ClassLoader> loaders = new HashMap<>(); // by the node's id
        private @Nullable Worker worker;

        Seat(String suffix, Waiting waiting) {
            this.suffix = suffix;
            this.waiting = waiting;
            this.ready = new ReadyQueue(waiting.signal());
        }

        private ClassLoader loader(NodeAgent agent) {
            return Objects.requireNonNull(loaders.get(agent.nodeId()), agent::nodeId);
        }
    }

    public ThreadCrew(ThreadPlan plan, Threads threads) {
        this.plan = plan;
        this.threads = new NodeThreads(threads);
        for (int i = 0; i < plan.shared().size(); i++) {
            Seat seat = new Seat("-worker-" + (i + 1), ThreadWaiting.of(plan.workerIdle(), plan.isCoreSpare()));
            plan.shared().get(i).forEach(node -> take(node, seat));
        }
    }

    private void take(PlannedNode node, Seat seat) {
        seat.loaders.put(node.node().id(), node.loader());
        seats.put(node.node().id(), seat);
    }

    @Override
    public Waiting waitingFor(PlannedNode node) {
        if (node.isProcess()) {
            SelectorWaiting made = SelectorWaiting.open(relieving);
            selectors.add(made);
            return made;
        }
        Seat seat = seats.get(node.node().id());
        return seat == null ? ThreadWaiting.of(node.idle(), plan.isCoreSpare()) : new Place(seat.ready);
    }

    @Override
    public Waiting waitingAfter(PlannedNode node, Waiting former) {
        return former;
    }

    @Override
    public Carrier carrierFor(NodeAgent agent, PlannedNode node, StartGate gate) {
        Seat seat = seats.get(agent.nodeId());
        if (seat != null) {
            return worker(seat, agent.clock(), gate);
        }
        List<Integer> cores = node.node().execution().cpuAffinity();
        Thread thread = threads.thread(cores.isEmpty() ? agent : pinned(agent, cores), "-" + agent.nodeId());
        thread.setContextClassLoader(node.loader());
        return new OwnThread(thread);
    }

    /** Where there is nothing to pin with that was said before. */
    private static Runnable pinned(NodeAgent agent, List<Integer> cores) {
        if (CpuAffinity.obstacle().isPresent()) {
            return agent;
        }
        return () -> {
            CpuAffinity.pin(cores)
                    .ifPresent(refusal -> LOG.warn(
                            "node '{}' is not pinned to cores {} and runs on any: {}", agent.nodeId(), cores, refusal));
            agent.run();
        };
    }

    private Worker worker(Seat seat, Clock clock, StartGate gate) {
        Worker worker = seat.worker;
        if (worker == null) {
            worker = new Worker(
                    seat.waiting, seat.ready, clock, gate, shift -> threads.thread(shift, seat.suffix), seat::loader);
            seat.worker = worker;
            workers.add(worker);
        }
        return worker;
    }

    @Override
    public boolean isNodeThread() {
        return threads.isCalling();
    }

    @Override
    public void relieve() {
        workers.forEach(Worker::relieve);
    }

    @Override
    public void close() {
        for (SelectorWaiting selector : selectors) {
            try {
                selector.close();
            } catch (IOException e) {
                LOG.warn("a selector could not be given back", e);
            }
        }
    }

    @Override
    public String summary() {
        return plan.summary();
    }

    @Override
    public Optional<String> remark() {
        return plan.remark();
    }
}
