package io.millrace.local.crew;

import io.millrace.graph.Execution.Idle;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.ThreadWaiting;
import io.millrace.local.waiting.Waiting;
import io.millrace.node.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A thread that several reactive nodes share: those that have something to do have their turns, one after the other, and the others cost nothing. Nodes may join it
 * at any time; its thread ends with the last of them, and a new one is made for the next.
 *
 * <p>A node's {@link Place} is in the queue from when it is signalled, or due, until a turn in which it did nothing and a look after that, with its signal armed: so
 * no wake-up is lost, by the argument of {@link io.millrace.local.edge.WakeSignal}. Whoever has done something stays in the queue, but behind all others.
 *
 * <p>All that belongs to the nodes belongs to the thread of the present {@link Shift}. Which node that thread is in is said in {@code inHand}, before and after each
 * step, so that others can tell a node that does not come back:
 *
 * <pre>
 *   null --enter--> node --leave--> null                  the shift, around each step
 *                   node --interrupt--> HELD --> node     the coordinator: the shift cannot leave meanwhile
 *                   node --set apart--> APART             the coordinator: the shift has this node only, a new one the others
 * </pre>
 *
 * The shift publishes what it has done to the other nodes by entering this one, and the new shift takes it over by setting the node apart. The place of a
 * node in hand is in no queue.
 */
final class Worker implements Carrier {

    private enum Stage {
        NEW,
        OPENED,
        RUNNING,
        ENDING
    }

    private static final Object HELD = "held";
    private static final Object APART = "apart";
    private static final VarHandle IN_HAND;
    private static final VarHandle STEPS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            IN_HAND = lookup.findVarHandle(Shift.class, "inHand", Object.class);
            STEPS = lookup.findVarHandle(Shift.class, "steps", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Waiting waiting;
    private final ReadyQueue ready;
    private final Clock clock;
    private final StartGate gate;
    private final Function<Runnable, Thread> threads;
    private final Function<NodeAgent, ClassLoader> loaders;
    private final Map<NodeAgent, Thread> apart = new ConcurrentHashMap<>();

    // Guarded by this.
    private @Nullable Shift shift;
    private @Nullable Thread thread;
    private int members;
    private long stepsAtLastLook = -1;

    // The shift's thread, or handed over with the shift.
    private final DueTimes due = new DueTimes();

    /** A node, and how far it is. Used by the shift's thread. */
    static final class Member {
        private final NodeAgent agent;
        private final ClassLoader loader;
        private Stage stage = Stage.NEW;
        private boolean isCounted = true; // guarded by the worker

        Member(NodeAgent agent, ClassLoader loader) {
            this.agent = agent;
            this.loader = loader;
        }
    }

    /**
     * @param waiting how its thread waits
     * @param ready where the places of its nodes are put, which wakes that thread
     * @param clock by which its nodes live
     */
    Worker(
            Waiting waiting,
            ReadyQueue ready,
            Clock clock,
            StartGate gate,
            Function<Runnable, Thread> threads,
            Function<NodeAgent, ClassLoader> loaders) {
        this.waiting = waiting;
        this.ready = ready;
        this.clock = clock;
        this.gate = gate;
        this.threads = threads;
        this.loaders = loaders;
    }

    // The coordinator's thread.

    @Override
    public synchronized void start(NodeAgent agent) {
        if (!(agent.waiting() instanceof Place place)) {
            throw new AssertionError("node '" + agent.nodeId() + "' has no place at a worker");
        }
        place.occupy(new Member(agent, loaders.apply(agent)));
        if (shift == null) {
            shift = begin();
        }
        members++;
        ready.push(place);
    }

    /** Under the lock, which keeps it from finding that nobody is there. */
    private Shift begin() {
        Shift next = new Shift();
        Thread made = threads.apply(next);
        next.thread = made;
        thread = made;
        stepsAtLastLook = -1;
        made.start();
        return next;
    }

    @Override
    public Thread thread(NodeAgent agent) {
        Thread own = apart.get(agent);
        if (own != null) {
            return own;
        }
        synchronized (this) {
            return Objects.requireNonNull(thread, "no node has started on this worker");
        }
    }

    @Override
    public void interrupt(NodeAgent agent) {
        Thread own = apart.get(agent);
        if (own != null) {
            own.interrupt();
            return;
        }
        synchronized (this) {
            if (shift != null) {
                shift.interrupt(agent);
            }
        }
        agent.orders().wake();
    }

    @Override
    public synchronized void setApart(NodeAgent agent) {
        if (shift != null && shift.inHand instanceof Member member && member.agent == agent) {
            setApart(shift, member);
        }
    }

    /** Under the lock. */
    private void setApart(Shift old, Member member) {
        if (!IN_HAND.compareAndSet(old, member, APART)) {
            return;
        }
        Thread own = old.thread();
        own.setName(own.getName() + "-" + member.agent.nodeId()); // so that a dump says whose it is now
        apart.put(member.agent, own);
        discount(member);
        shift = members == 0 ? null : begin();
    }

    /** It is the shift's no more. */
    private synchronized void discount(Member member) {
        if (member.isCounted) {
            member.isCounted = false;
            members--;
        }
    }

    /** Sets the node apart that has not come back since the last call, if there is one. */
    synchronized void relieve() {
        Shift present = shift;
        if (present == null) {
            return;
        }
        long steps = (long) STEPS.getOpaque(present);
        if (steps == stepsAtLastLook && present.inHand instanceof Member stuck) {
            setApart(present, stuck);
        } else {
            stepsAtLastLook = steps;
        }
    }

    /** One thread's time at the worker. */
    private final class Shift implements Runnable {
        private final BooleanSupplier hasWork = () -> !ready.isEmpty();

        @SuppressWarnings("unused") // through IN_HAND
        private volatile @Nullable Object inHand; // a Member, HELD or APART

        /** Set before it starts. */
        private @Nullable Thread thread;

        // Its thread.
        private long steps; // read by any, opaque
        private @Nullable ClassLoader loader;

        Thread thread() {
            return Objects.requireNonNull(thread);
        }

        void interrupt(NodeAgent agent) {
            if (inHand instanceof Member member && member.agent == agent && IN_HAND.compareAndSet(this, member, HELD)) {
                thread().interrupt();
                IN_HAND.setVolatile(this, member);
            }
        }

        @Override
        public void run() {
            waiting.bind(Thread.currentThread());
            for (int idleCycles = 0; ; ) {
                int work = cycle();
                if (work < 0) {
                    return;
                }
                idleCycles = work > 0 ? 0 : Math.min(idleCycles + 1, Integer.MAX_VALUE - 1);
                if (idleCycles > 0) {
                    Thread.interrupted(); // left by a node, it would keep the thread from parking
                    waiting.step(idleCycles - 1, untilDueNs(), false, hasWork);
                }
            }
        }

        /** Each node that is ready now has its turn; returns how much was done, negative if the shift is at its end. */
        private int cycle() {
            queueDue();
            int work = 0;
            for (int turns = ready.gather(); turns > 0; turns--) {
                int done = turn(Objects.requireNonNull(ready.poll()));
                if (done < 0) {
                    return done;
                }
                work += done;
            }
            return work;
        }

        private void queueDue() {
            if (due.isEmpty()) {
                return;
            }
            long nowNs = clock.nanoTime();
            while (!due.isEmpty() && due.earliestNs() - nowNs <= 0) {
                Place place = due.removeEarliest();
                if (place.stopResting()) {
                    ready.add(place);
                }
            }
        }

        private int turn(Place place) {
            due.remove(place);
            Member member = place.member();
            if (place.takeHasRested()) {
                member.agent.time().forget();
            }
            int work = 0;
            if (member.stage == Stage.OPENED) {
                work = begin(member);
            } else {
                enter(member);
                work = member.stage == Stage.NEW ? open(member) : work(member);
                if (!leave(member)) {
                    finishAlone(member);
                    return -1;
                }
            }
            if (member.stage == Stage.ENDING) {
                return end(member) ? work : -1;
            }
            if (work > 0 || !rest(place, member)) {
                ready.add(place);
            }
            return work;
        }

        private int open(Member member) {
            boolean isOpen = !member.agent.orders().isInterruptRequested() && member.agent.open();
            member.stage = isOpen ? Stage.OPENED : Stage.ENDING;
            return 1;
        }

        private int begin(Member member) {
            if (!gate.isDecided()) {
                return 0;
            }
            if (gate.await()) {
                member.agent.begin();
                member.stage = Stage.RUNNING;
            } else {
                member.stage = Stage.ENDING;
            }
            return 1;
        }

        private int work(Member member) {
            NodeAgent agent = member.agent;
            int work = agent.work();
            if (agent.isOver()) {
                member.stage = Stage.ENDING;
                return work + 1;
            }
            if (work == 0) {
                agent.onIdleCycle();
            }
            return work;
        }

        /** False if it has something to do after all, and nobody has queued it. */
        private boolean rest(Place place, Member member) {
            place.rest(member.agent.needsRoom());
            if (hasWork(member) && place.stopResting()) {
                return false;
            }
            if (member.stage == Stage.RUNNING) {
                long untilNs = member.agent.untilDueNs();
                if (untilNs != Long.MAX_VALUE) {
                    due.add(place, member.agent.nowNs() + untilNs);
                }
            }
            return true;
        }

        private boolean hasWork(Member member) {
            return member.stage == Stage.OPENED ? gate.isDecided() : member.agent.hasWork();
        }

        /** The last of a node; false if the shift is at its end. */
        private boolean end(Member member) {
            discount(member); // before it is closed: if that does not end, the others go on without it
            enter(member);
            member.agent.close(); // from now on the place may be another incarnation's
            if (!leave(member)) {
                apart.remove(member.agent);
                return false;
            }
            return !isLast();
        }

        /** Whether nobody is left; who comes from now on gets another shift. */
        private boolean isLast() {
            synchronized (Worker.this) {
                if (members == 0) {
                    shift = null;
                    return true;
                }
                return false;
            }
        }

        /** The others have another thread by now, and the signal is theirs. */
        private void finishAlone(Member member) {
            Waiting alone = ThreadWaiting.of(Idle.BACKOFF, false);
            for (int idleCycles = 0; member.stage == Stage.RUNNING; idleCycles++) {
                if (work(member) > 0) {
                    idleCycles = -1;
                } else if (alone.step(idleCycles, member.agent.untilDueNs(), true, member.agent::hasWork)) {
                    member.agent.update();
                }
            }
            member.agent.close();
            apart.remove(member.agent);
        }

        private void enter(Member member) {
            Thread.interrupted(); // meant for the one before
            if (loader != member.loader) {
                loader = member.loader;
                Thread.currentThread().setContextClassLoader(loader);
            }
            STEPS.setOpaque(this, steps + 1);
            IN_HAND.setRelease(this, member);
        }

        private boolean leave(Member member) {
            while (!IN_HAND.compareAndSet(this, member, null)) {
                if (IN_HAND.getVolatile(this) == APART) {
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        private long untilDueNs() {
            return due.isEmpty() ? Long.MAX_VALUE : due.earliestNs() - clock.nanoTime();
        }
    }
}
