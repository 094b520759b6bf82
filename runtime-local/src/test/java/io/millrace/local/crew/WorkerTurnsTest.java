package io.millrace.local.crew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.Execution.Idle;
import io.millrace.local.agent.Commands;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.SilentCode;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.ThreadWaiting;
import io.millrace.local.waiting.Threads;
import io.millrace.local.waiting.Waiting;
import io.millrace.node.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has a turn at a worker, and who has none. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerTurnsTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final Waiting waiting = ThreadWaiting.of(Idle.PARK, false);
    private final ReadyQueue ready = new ReadyQueue(waiting.signal());
    private final StartGate gate = new StartGate();
    private final Worker worker = new Worker(
            waiting,
            ready,
            Clock.system(),
            gate,
            shift -> {
                Thread made = new Thread(shift, "worker-turns");
                made.setDaemon(true);
                return made;
            },
            agent -> ClassLoader.getSystemClassLoader());
    private final List<Counting> nodes = new ArrayList<>();

    /** Counts its turns, and has as much work as it is given. */
    private static class Counting extends SilentCode {
        private final AtomicInteger work = new AtomicInteger();
        private final AtomicInteger turns = new AtomicInteger();
        private volatile boolean isOver;
        private volatile long dueNs = Long.MAX_VALUE;
        private @Nullable NodeAgent agent;

        @Override
        public int work() {
            turns.incrementAndGet();
            agent.update();
            if (isDue()) {
                dueNs = Long.MAX_VALUE;
                return 1;
            }
            return work.getAndSet(0);
        }

        private boolean isDue() {
            return dueNs != Long.MAX_VALUE && dueNs - agent.nowNs() <= 0;
        }

        @Override
        public boolean hasWork() {
            return work.get() > 0 || isDue();
        }

        @Override
        public long untilDueNs() {
            return dueNs == Long.MAX_VALUE ? Long.MAX_VALUE : dueNs - agent.nowNs();
        }

        @Override
        public boolean isOver() {
            return isOver;
        }

        void give() {
            work.incrementAndGet();
            agent.orders().wake();
        }

        void end() {
            isOver = true;
            agent.orders().wake();
        }
    }

    private static final class Nobody implements NodeAgent.Watcher {
        @Override
        public void onOpening(NodeAgent agent) {}

        @Override
        public void onOpened(NodeAgent agent) {}

        @Override
        public void onRunning(NodeAgent agent) {}

        @Override
        public void onEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart) {}
    }

    private Counting node(String id) {
        return node(id, new Counting());
    }

    private Counting node(String id, Counting code) {
        NodeAgent agent = new NodeAgent.Padded(
                id, 0, Clock.system(), new Place(ready), false, gate, new Nobody(), new Commands());
        agent.setCode(code);
        code.agent = agent;
        nodes.add(code);
        worker.start(agent);
        return code;
    }

    @AfterEach
    void endAll() {
        nodes.forEach(Counting::end);
        Threads.awaitNone("worker-turns");
    }

    private static void awaitTaken(Counting node) {
        await().atMost(LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> node.work.get() == 0);
    }

    @Test
    void shouldGiveTurnsOnlyToThoseThatAreSignalled() {
        Counting busy = node("busy");
        List<Counting> idle = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            idle.add(node("idle" + i));
        }
        gate.open();
        nodes.forEach(node -> node.agent.orders().wake());
        await().atMost(LONG).until(() -> idle.stream().allMatch(node -> node.turns.get() > 0));
        for (int i = 0; i < 500; i++) {
            busy.give();
            awaitTaken(busy);
        }

        assertThat(busy.turns.get()).isGreaterThanOrEqualTo(500);
        assertThat(idle).allMatch(node -> node.turns.get() < 10);
    }

    @Test
    void shouldGiveATurnWhenSomethingIsDueThatNobodySignals() {
        Counting later = node("later");
        Counting sooner = node("sooner");
        long nowNs = System.nanoTime();
        later.dueNs = nowNs + TimeUnit.MILLISECONDS.toNanos(60);
        sooner.dueNs = nowNs + TimeUnit.MILLISECONDS.toNanos(30);
        gate.open();
        nodes.forEach(node -> node.agent.orders().wake());

        await().atMost(LONG).until(() -> later.dueNs == Long.MAX_VALUE && sooner.dueNs == Long.MAX_VALUE);
        assertThat(System.nanoTime() - nowNs).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        assertThat(later.turns.get()).as("it was not asked again and again").isLessThan(10);
    }

    @Test
    void shouldGiveEverybodyTurnsWhenOneAlwaysHasWork() {
        Counting greedy = node("greedy", new Counting() {
            @Override
            public int work() {
                super.work();
                return 1;
            }
        });
        Counting modest = node("modest");
        gate.open();
        nodes.forEach(node -> node.agent.orders().wake());
        for (int i = 0; i < 500; i++) {
            modest.give();
            awaitTaken(modest);
        }

        assertThat(greedy.turns.get()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void shouldTakeNodesInAgainWhenAllHaveEnded() {
        Counting first = node("first");
        gate.open();
        first.agent.orders().wake();
        first.end();
        Threads.awaitNone("worker-turns");
        Counting second = node("second");
        second.give();

        awaitTaken(second);
    }
}
