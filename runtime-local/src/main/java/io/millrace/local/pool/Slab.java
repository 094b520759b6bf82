package io.millrace.local.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A piece of memory for one payload at a time, written once and then read in place by everybody who holds a reference.
 *
 * <p>It goes from hand to hand, and each field belongs to whoever holds it:
 *
 * <pre>
 *   pool's owner: claim, 1 reference      length and number are written, then the payload
 *   producer: one more for each edge      published with the edge, from then on only read
 *   consumers: release, on any thread     the last one has it alone, writes next, and lays it on the pool's stack
 *   pool's owner: takes the stack         has it alone again
 * </pre>
 *
 * The count is the only word that several threads write. It goes to 0 by get-and-add, which lets whatever was read through other references happen before the
 * last release, and the stack's compare-and-set hands that on to the next claim.
 */
public final class Slab {
    /** Easy to recognise, and no sensible number. */
    private static final byte SCRIBBLE = (byte) 0xDB;

    private static final int ALIGNMENT = 64;
    private static final VarHandle REFERENCES;

    static {
        try {
            REFERENCES = MethodHandles.lookup().findVarHandle(Slab.class, "references", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer buffer;
    private final ByteBuffer view;
    private final @Nullable SlabPool pool;
    private final @Nullable Runnable onReturned; // of one that is lent

    @SuppressWarnings("UnusedVariable") // accessed through REFERENCES only
    private int references;

    private int length;
    private long number;
    private boolean isExtra;

    // The pool's, and its owner's.
    final int sizeIndex;

    @Nullable Slab next;

    boolean isCounted;

    /** @param memory little-endian */
    private Slab(ByteBuffer memory, @Nullable SlabPool pool, int sizeIndex, @Nullable Runnable onReturned) {
        this.buffer = memory;
        this.view = memory.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        this.pool = pool;
        this.onReturned = onReturned;
        this.sizeIndex = sizeIndex;
    }

    /** Allocates it, zeroed, outside the heap. */
    static Slab allocate(SlabPool pool, int sizeIndex, int capacity) {
        ByteBuffer memory = ByteBuffer.allocateDirect(capacity + ALIGNMENT);
        int begin = (ALIGNMENT - memory.alignmentOffset(0, ALIGNMENT)) % ALIGNMENT;
        return new Slab(memory.slice(begin, capacity).order(ByteOrder.LITTLE_ENDIAN), pool, sizeIndex, null);
    }

    /** One that belongs to no pool, with one reference: when the last one is released, it is the garbage collector's. */
    public static Slab unpooled(ByteBuffer memory) {
        Slab slab = new Slab(memory.duplicate().order(ByteOrder.LITTLE_ENDIAN), null, 0, null);
        return slab.begin(memory.capacity(), 0, true);
    }

    /**
     * One whose memory is somebody else's, for one payload after the other, each begun by {@link #lend}.
     *
     * @param onReturned run when the last reference is released; any thread, does not block
     */
    public static Slab lent(ByteBuffer memory, Runnable onReturned) {
        return new Slab(memory.duplicate().order(ByteOrder.LITTLE_ENDIAN), null, 0, onReturned);
    }

    /** Has one reference from now on, as nobody has one. */
    public Slab lend(int payloadLength) {
        return begin(payloadLength, 0, true);
    }

    Slab begin(int payloadLength, long claimNumber, boolean isBeyondBudget) {
        length = payloadLength;
        number = claimNumber;
        isExtra = isBeyondBudget;
        references = 1; // plain: nobody else has it
        return this;
    }

    /** All of its memory, little-endian, to be written only by who has claimed it, and only until the first edge has it. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The same, read-only; always the same object. */
    public ByteBuffer view() {
        return view;
    }

    /** The bytes that it was claimed for. */
    public int length() {
        return length;
    }

    /** The bytes that it occupies. */
    public int capacity() {
        return buffer.capacity();
    }

    /** Counts the claims of its pool: a larger number was claimed later. */
    public long number() {
        return number;
    }

    /** Whether it was claimed beyond its pool's budget, even if that has room for it by now. */
    public boolean isExtra() {
        return isExtra;
    }

    boolean isOf(SlabPool owner) {
        return pool == owner;
    }

    /** One more reference; the caller has one. Any thread. */
    public void retain() {
        REFERENCES.getAndAdd(this, 1);
    }

    /** One reference less; whoever gives the last one back must not touch the memory any more. Any thread; does not block or allocate. */
    public void release() {
        int before = (int) REFERENCES.getAndAdd(this, -1);
        if (before == 1) {
            goHome();
        } else if (before < 1) {
            throw new IllegalStateException("a slab was released more often than it was retained");
        }
    }

    private void goHome() {
        if (pool != null) {
            if (pool.isDebugging()) {
                scribble();
            }
            pool.giveBack(this);
        } else if (onReturned != null) {
            onReturned.run();
        }
    }

    private void scribble() {
        for (int i = 0; i < length; i++) {
            buffer.put(i, SCRIBBLE);
        }
    }

    /** How many references there are. Any thread; for diagnosis and tests. */
    public int references() {
        return (int) REFERENCES.getAcquire(this);
    }

    @Override
    public String toString() {
        return "slab " + number + ", " + length + " of " + capacity() + " bytes, " + references() + " references";
    }
}
