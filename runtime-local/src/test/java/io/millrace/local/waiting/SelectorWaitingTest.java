package io.millrace.local.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread that sleeps, and others that have something for it. */
@Timeout(120)
class SelectorWaitingTest {
    private final ConcurrentMap<Thread, SelectorWaiting> relieving = new ConcurrentHashMap<>();
    private final SelectorWaiting ours = SelectorWaiting.open(relieving);
    private final Sleeper sleeper = new Sleeper(SelectorWaiting.open(relieving));

    /** Takes all that was put, and counts; what it counts in is nobody's but who has its turn. */
    private static final class Sleeper {
        private final SelectorWaiting waiting;
        private final AtomicInteger put = new AtomicInteger();
        private final List<Thread> takers = new ArrayList<>(); // one for each time, of who has the turn
        private final AtomicBoolean isInTurn = new AtomicBoolean();
        private final AtomicBoolean isOver = new AtomicBoolean();
        private volatile int taken;
        private final AtomicInteger wakeUps = new AtomicInteger();
        private volatile boolean isOverlapped;
        private volatile boolean mustWake;
        private final Thread thread = new Thread(this::run, "sleeper");

        Sleeper(SelectorWaiting waiting) {
            this.waiting = waiting;
        }

        private void run() {
            waiting.bind(Thread.currentThread());
            waiting.relieveBy(this::step);
            BooleanSupplier isAny = () -> put.get() > taken || isOver.get();
            while (!isOver.get()) {
                take();
                if (waiting.step(0, Long.MAX_VALUE, true, isAny)) {
                    wakeUps.incrementAndGet();
                }
            }
            waiting.endRelief();
        }

        private boolean step() {
            take();
            return mustWake;
        }

        private void take() {
            isOverlapped |= !isInTurn.compareAndSet(false, true);
            int all = put.get();
            if (all > taken) {
                takers.add(Thread.currentThread());
                taken = all;
            }
            isInTurn.set(false);
        }

        void put() {
            put.incrementAndGet();
            waiting.signal().signal();
        }

        void awaitSleep() {
            await().until(() -> thread.getState() == Thread.State.RUNNABLE && isInSelect());
        }

        private boolean isInSelect() {
            for (StackTraceElement element : thread.getStackTrace()) {
                if (element.getMethodName().equals("select")) {
                    return true;
                }
            }
            return false;
        }

        void end() throws InterruptedException, IOException {
            isOver.set(true);
            waiting.signal().signal();
            thread.join();
            waiting.close();
        }
    }

    @BeforeEach
    void letItSleep() {
        ours.relieveBy(() -> false);
        sleeper.thread.start();
        sleeper.awaitSleep();
    }

    @AfterEach
    void end() throws Exception {
        ours.endRelief();
        sleeper.end();
        ours.close();
        assertThat(sleeper.isOverlapped).isFalse();
    }

    private void putInATurn(int count) {
        ours.beginTurn();
        for (int i = 0; i < count; i++) {
            sleeper.put();
        }
        ours.endTurn();
    }

    @Test
    void shouldDoTheStepOfASleeperInsteadOfWakingIt() {
        putInATurn(1);
        assertThat(sleeper.taken).isEqualTo(1);
        putInATurn(2);
        assertThat(sleeper.taken).isEqualTo(3);
        assertThat(sleeper.wakeUps).hasValue(0);
        assertThat(sleeper.takers).containsOnly(Thread.currentThread());
    }

    @Test
    void shouldWakeASleeperThatHasMoreToDo() {
        sleeper.mustWake = true;
        putInATurn(1);
        await().until(() -> sleeper.wakeUps.get() == 1);
        assertThat(sleeper.taken).isEqualTo(1);
    }

    @Test
    void shouldWakeASleeperWhenThereIsNoTurnToEnd() {
        sleeper.put();
        await().until(() -> sleeper.taken == 1);
        assertThat(sleeper.takers).containsExactly(sleeper.thread);
    }

    @Test
    void shouldWakeASleeperWhenMoreIsToBeDoneInTheTurn() {
        ours.beginTurn();
        sleeper.put();
        ours.hurry();
        await().until(() -> sleeper.taken == 1); // the turn has not ended
        ours.endTurn();
        assertThat(sleeper.takers).containsExactly(sleeper.thread);
    }

    @Test
    void shouldRelieveOneAndWakeTheOthers() throws Exception {
        Sleeper second = new Sleeper(SelectorWaiting.open(relieving));
        second.thread.start();
        second.awaitSleep();
        ours.beginTurn();
        sleeper.put();
        second.put();
        await().until(() -> second.taken == 1); // the turn has not ended
        assertThat(sleeper.taken).isZero();
        ours.endTurn();
        assertThat(sleeper.taken).isEqualTo(1);
        second.end();
    }

    @Test
    void shouldStayWakeableAfterItWasRelieved() {
        putInATurn(1);
        sleeper.put();
        await().until(() -> sleeper.taken == 2);
        assertThat(sleeper.takers).containsExactly(Thread.currentThread(), sleeper.thread);
    }

    @Test
    void shouldLoseNothingWhenSomeRelieveAndOthersWake() throws Exception {
        int count = 20_000;
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            boolean relieves = i == 0;
            others.add(new Thread(() -> {
                SelectorWaiting own = SelectorWaiting.open(relieving);
                own.relieveBy(() -> false);
                for (int n = 0; n < count; n++) {
                    if (relieves) {
                        own.beginTurn();
                    }
                    sleeper.put();
                    own.endTurn();
                    if (n % 7 == 0) {
                        LockSupport.parkNanos(1_000); // now and then it falls asleep
                    }
                }
                own.endRelief();
                try {
                    own.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        others.forEach(Thread::start);
        for (int n = 0; n < count; n++) {
            putInATurn(1);
        }
        for (Thread other : others) {
            other.join();
        }
        await().until(() -> sleeper.taken == 3 * count);
    }
}
