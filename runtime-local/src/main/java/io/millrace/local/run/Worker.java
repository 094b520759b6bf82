package io.millrace.local.run;

import io.millrace.graph.Execution.Idle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A thread that several reactive nodes share: it steps one after the other, and waits only when none of them has work. Nodes may join it at any time; its
 * thread ends with the last of them, and a new one is made for the next.
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
 * The shift publishes what it has done to the other nodes by entering this one, and the new shift takes it over by setting the node apart.
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
    private final StartGate gate;
    private final Function<Runnable, Thread> threads;
    private final Function<NodeAgent, ClassLoader> loaders;
    private final Queue<NodeAgent> joining = new ConcurrentLinkedQueue<>();
    private final Map<NodeAgent, Thread> apart = new ConcurrentHashMap<>();

    // Guarded by this.
    private @Nullable Shift shift;
    private @Nullable Thread thread;
    private long stepsAtLastLook = -1;

    // The shift's thread, or handed over with the shift.
    private List<Member> members = new ArrayList<>();

    /** A node, and how far it is. Used as {@code members} are. */
    private static final class Member {
        private final NodeAgent agent;
        private final ClassLoader loader;
        private Stage stage = Stage.NEW;

        Member(NodeAgent agent, ClassLoader loader) {
            this.agent = agent;
            this.loader = loader;
        }
    }

    Worker(
            Waiting waiting,
            StartGate gate,
            Function<Runnable, Thread> threads,
            Function<NodeAgent, ClassLoader> loaders) {
        this.waiting = waiting;
        this.gate = gate;
        this.threads = threads;
        this.loaders = loaders;
    }

    // The coordinator's thread.

    @Override
    public void start(NodeAgent agent) {
        joining.add(agent);
        synchronized (this) {
            if (shift == null) {
                shift = begin();
                return;
            }
        }
        agent.wake();
    }

    /** Under the lock. */
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
        agent.wake();
    }

    @Override
    public synchronized void setApart(NodeAgent agent) {
        Shift old = shift;
        if (old == null || !IN_HAND.compareAndSet(old, agent, APART)) {
            return;
        }
        Thread own = old.thread();
        own.setName(own.getName() + "-" + agent.nodeId()); // so that a dump says whose it is now
        apart.put(agent, own);
        members = new ArrayList<>(members);
        members.removeIf(member -> member.agent == agent);
        shift = members.isEmpty() && joining.isEmpty() ? null : begin();
    }

    /** Sets the node apart that has not come back since the last call, if there is one. */
    synchronized void relieve() {
        Shift present = shift;
        if (present == null) {
            return;
        }
        long steps = (long) STEPS.getOpaque(present);
        if (steps == stepsAtLastLook && present.inHand instanceof NodeAgent stuck) {
            setApart(stuck);
        } else {
            stepsAtLastLook = steps;
        }
    }

    /** One thread's time at the worker. */
    private final class Shift implements Runnable {
        private final BooleanSupplier hasWork = this::hasWork;

        @SuppressWarnings("unused") // through IN_HAND
        private volatile @Nullable Object inHand; // a NodeAgent, HELD or APART

        /** Set before it starts. */
        private @Nullable Thread thread;

        // Its thread.
        private long steps; // read by any, opaque
        private @Nullable ClassLoader loader;
        private int first;

        Thread thread() {
            return Objects.requireNonNull(thread);
        }

        void interrupt(NodeAgent agent) {
            if (IN_HAND.compareAndSet(this, agent, HELD)) {
                thread().interrupt();
                IN_HAND.setVolatile(this, agent);
            }
        }

        @Override
        public void run() {
            waiting.bind(Thread.currentThread());
            for (int idleCycles = 0; !isOver(); ) {
                int work = cycle();
                if (work < 0) {
                    return;
                }
                idleCycles = work > 0 ? 0 : Math.min(idleCycles + 1, Integer.MAX_VALUE - 1);
                if (idleCycles > 0 && waiting.step(idleCycles - 1, untilDueNs(), hasWork)) {
                    members.forEach(member -> member.agent.forgetTime());
                }
            }
        }

        /** Whether nobody is left; who joins from now on gets another shift. */
        private boolean isOver() {
            takeJoining();
            if (!members.isEmpty()) {
                return false;
            }
            synchronized (Worker.this) {
                if (!joining.isEmpty()) {
                    return false;
                }
                shift = null;
                return true;
            }
        }

        private void takeJoining() {
            for (NodeAgent next = joining.poll(); next != null; next = joining.poll()) {
                members.add(new Member(next, loaders.apply(next)));
            }
        }

        /** Each node has its turn, another one first each time; returns how much was done, negative if the shift is at its end. */
        private int cycle() {
            List<Member> all = members;
            int count = all.size();
            int work = 0;
            boolean anyEnded = false;
            first = first + 1 >= count ? 0 : first + 1;
            for (int i = 0; i < count; i++) {
                Member member = all.get(first + i < count ? first + i : first + i - count);
                int done = turn(member);
                if (done < 0) {
                    return done;
                }
                work += done;
                anyEnded |= member.stage == Stage.ENDING;
            }
            return anyEnded ? work + endSome(all) : work;
        }

        private int endSome(List<Member> all) {
            for (int i = all.size() - 1; i >= 0; i--) {
                Member member = all.get(i);
                if (member.stage == Stage.ENDING) {
                    all.remove(i); // before it is closed: if that does not end, the others go on without it
                    if (!end(member)) {
                        return -1;
                    }
                }
            }
            return 1;
        }

        private int turn(Member member) {
            if (member.stage == Stage.ENDING) {
                return 0;
            }
            if (member.stage == Stage.OPENED) {
                return begin(member);
            }
            enter(member);
            int work = member.stage == Stage.NEW ? open(member) : work(member);
            if (!leave(member)) {
                finishAlone(member);
                return -1;
            }
            return work;
        }

        private int open(Member member) {
            boolean isOpen = !member.agent.isInterruptRequested() && member.agent.open();
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

        private boolean end(Member member) {
            enter(member);
            member.agent.close();
            return leave(member);
        }

        /** The others have another thread by now, and the signal is theirs. */
        private void finishAlone(Member member) {
            Waiting alone = ThreadWaiting.of(Idle.BACKOFF, false);
            for (int idleCycles = 0; member.stage == Stage.RUNNING; idleCycles++) {
                if (work(member) > 0) {
                    idleCycles = -1;
                } else if (alone.step(idleCycles, member.agent.untilDueNs(), member.agent::hasWork)) {
                    member.agent.update();
                }
            }
            member.agent.close();
        }

        private void enter(Member member) {
            Thread.interrupted(); // meant for the one before
            if (loader != member.loader) {
                loader = member.loader;
                Thread.currentThread().setContextClassLoader(loader);
            }
            STEPS.setOpaque(this, steps + 1);
            IN_HAND.setRelease(this, member.agent);
        }

        private boolean leave(Member member) {
            while (!IN_HAND.compareAndSet(this, member.agent, null)) {
                if (IN_HAND.getVolatile(this) == APART) {
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        private boolean hasWork() {
            if (!joining.isEmpty()) {
                return true;
            }
            List<Member> all = members;
            for (int i = 0; i < all.size(); i++) {
                if (hasWork(all.get(i))) {
                    return true;
                }
            }
            return false;
        }

        private boolean hasWork(Member member) {
            return switch (member.stage) {
                case RUNNING -> member.agent.hasWork();
                case OPENED -> gate.isDecided();
                default -> true;
            };
        }

        private long untilDueNs() {
            long until = Long.MAX_VALUE;
            List<Member> all = members;
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).stage == Stage.RUNNING) {
                    until = Math.min(until, all.get(i).agent.untilDueNs());
                }
            }
            return until;
        }
    }
}
