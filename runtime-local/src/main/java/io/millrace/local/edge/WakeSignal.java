package io.millrace.local.edge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How a parked thread learns that there is work. One per thread that parks, its owner; any number of threads signal.
 *
 * <pre>
 *   owner                                    signaller
 *   arm():    armed = 1; full fence          publish work
 *   look for work: found -> disarm()         signal(): full fence; armed == 1 -> armed = 0, unpark
 *   park():   until armed == 0
 * </pre>
 *
 * No wake-up is lost: of the two fences one comes first. If the owner's, the signaller sees it armed and unparks it, which holds also if it parks only
 * later; if the signaller's, the owner sees the work when it looks. A permit that comes late makes a later park return early, which is allowed.
 *
 * <p>An owner that does not wait for room in an edge says so, and whoever makes room, which is after every message, lets it sleep: see {@link #signalRoom}.
 *
 * <p>Where the owner does not park, a signal runs a {@link Runnable} in place of the unpark, once for each time it was armed.
 *
 * <p>Where a signaller is in another JVM, the owner's state is also in a word of the memory that both map: {@link #showIn} has the owner write it there, and the signaller has a signal
 * of {@link #elsewhere}, which looks at that word.
 */
public final class WakeSignal {
    private static final int DISARMED = 0;
    private static final int ARMED = 1;

    /** In memory: the owner never parks. */
    private static final int NEVER = 2;

    /** Armed, but not for room. */
    private static final int ARMED_BUT_FOR_ROOM = 3;

    /** More than it takes to wake the owner. */
    private static final int FRAMES = 100;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(WakeSignal.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Written by the owner; read by a signaller only after it has seen that it is armed, with acquire, which the owner stores after this. */
    private @Nullable Thread owner;

    /** Ends a wait that is not a park; null where the owner parks. */
    private final @Nullable Runnable waker;

    // Written by the owner and by signallers.
    @SuppressWarnings("UnusedVariable") // accessed through STATE only
    private int state;

    /** Where the state of an owner in another JVM stands; null for one in this JVM. */
    private final @Nullable ByteBuffer memory;

    private final int offset;

    /** Where signallers in other JVMs look. Replaced as a whole. */
    private volatile Shown @Nullable [] shown;

    private record Shown(ByteBuffer memory, int offset) {}

    /** For an owner that parks. */
    public WakeSignal() {
        this(null);
    }

    /**
     * For an owner that waits in another way, between {@link #arm} and {@link #disarm}.
     *
     * @param waker ends its wait, or the next one if it does not wait yet; any thread, does not block
     */
    public WakeSignal(@Nullable Runnable waker) {
        this(waker, null, 0);
    }

    private WakeSignal(@Nullable Runnable waker, @Nullable ByteBuffer memory, int offset) {
        this.waker = waker;
        this.memory = memory;
        this.offset = offset;
    }

    /**
     * For signallers only: of an owner in another JVM, which shows its state there.
     *
     * @param offset of a word of 4 bytes
     * @param waker has the owner's JVM signal it; any thread, does not block
     */
    static WakeSignal elsewhere(ByteBuffer memory, int offset, Runnable waker) {
        return new WakeSignal(waker, memory, offset);
    }

    /** From now on the owner's state stands there too. Any thread, before anybody elsewhere looks there; wakes the owner, so that it is armed anew if it is. */
    void showIn(ByteBuffer at, int atOffset) {
        synchronized (this) {
            Shown[] now = shown;
            Shown[] more = now == null ? new Shown[1] : Arrays.copyOf(now, now.length + 1);
            more[more.length - 1] = new Shown(at, atOffset);
            shown = more;
        }
        signal();
    }

    /** Stands there for an owner that never parks, so that signals cost nothing. Before anybody elsewhere looks there, or at any time. */
    static void showNever(ByteBuffer at, int atOffset) {
        Region.INTS.setOpaque(at, atOffset, NEVER);
    }

    /** Undoes {@link #showIn}. Any thread; idempotent. */
    void hideFrom(ByteBuffer at) {
        synchronized (this) {
            Shown[] now = shown;
            if (now != null) {
                Shown[] left =
                        Arrays.stream(now).filter(each -> each.memory != at).toArray(Shown[]::new);
                shown = left.length == 0 ? null : left;
            }
        }
    }

    private void show(int value) {
        Shown[] now = shown;
        if (now != null) {
            for (Shown each : now) {
                Region.INTS.setOpaque(each.memory, each.offset, value);
            }
        }
    }

    /** Makes {@code thread} the owner, instead of the first one to arm. Not while armed. */
    public void bind(Thread thread) {
        owner = thread;
    }

    /** Any thread, after it has published work: unparks the owner if it is armed. Costs a full fence. */
    public void signal() {
        int state = stateAfterFence();
        if (state == ARMED || state == ARMED_BUT_FOR_ROOM) {
            unparkOwner();
        }
    }

    /** As {@link #signal}, after there is more room in an edge, which not every owner waits for. */
    public void signalRoom() {
        if (stateAfterFence() == ARMED) {
            unparkOwner();
        }
    }

    private int stateAfterFence() {
        if (memory != null && (int) Region.INTS.getOpaque(memory, offset) == NEVER) {
            return NEVER;
        }
        // Partner: the fence in arm(). Keeps what was published from being passed by the look at the state.
        VarHandle.fullFence();
        return memory == null ? (int) STATE.getOpaque(this) : (int) Region.INTS.getOpaque(memory, offset);
    }

    private void unparkOwner() {
        reach(FRAMES);
        // Only one of many signallers goes on to the costly call. Acquires the owner that was stored before it was
        // armed.
        if (tryDisarm()) {
            if (waker == null) {
                LockSupport.unpark(owner);
            } else {
                waker.run();
            }
        }
    }

    /** If the stack is to overflow, then here: an owner that is disarmed and not woken would sleep for ever. Nothing beside what waking costs. */
    private static int reach(int frames) {
        return frames == 0 ? 0 : reach(frames - 1) + 1;
    }

    /** As {@link #arm(boolean)}, for room as well. */
    public void arm() {
        arm(true);
    }

    /**
     * Owner: from now on signals unpark. It must look for work once more before it parks.
     *
     * @param needsRoom whether it may wait for room in an edge
     */
    public void arm(boolean needsRoom) {
        if (owner == null) {
            owner = Thread.currentThread();
        }
        int armed = needsRoom ? ARMED : ARMED_BUT_FOR_ROOM;
        STATE.setRelease(this, armed);
        show(armed);
        // Partner: the fence in signal(). Keeps the look for work from passing the store.
        VarHandle.fullFence();
    }

    /** Owner: work was found, signals cost less again. */
    public void disarm() {
        STATE.setOpaque(this, DISARMED);
        show(DISARMED);
    }

    /** As {@link #disarm}; false if a signal came first, whose wake-up then has happened or will. */
    public boolean tryDisarm() {
        return memory == null
                ? (int) STATE.getAndSet(this, DISARMED) != DISARMED
                : (int) Region.INTS.getAndSet(memory, offset, DISARMED) != DISARMED;
    }

    /**
     * Owner, armed: returns on a signal since it was armed, at the end of the time, on an interrupt (whose flag stays), or for no reason; disarmed then.
     *
     * @param timeoutNs nanoseconds; 0 or less: without end
     */
    public void park(long timeoutNs) {
        if ((int) STATE.getOpaque(this) != DISARMED) {
            if (timeoutNs > 0) {
                LockSupport.parkNanos(this, timeoutNs);
            } else {
                LockSupport.park(this);
            }
            disarm();
        }
    }

    /** Whether a signal would unpark the owner. Any thread; for tests. */
    boolean isArmed() {
        return (int) STATE.getAcquire(this) != DISARMED;
    }
}
