package io.millrace.local.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of one output, within a budget of bytes. One thread at a time, the owner, claims; any thread gives back.
 *
 * <p>Free slabs stand in one list for each size, which only the owner touches. Slabs that come back are laid on a stack, linked through themselves, by compare-and-set;
 * the owner takes the whole stack at once, by get-and-set, before it claims. Since it never takes a single slab from the stack, no slab can leave and come
 * back between a consumer's look and its compare-and-set, and nobody waits for anybody. Last in, first out: the slab that was used last is most likely still in a cache.
 *
 * <p><b>The budget bounds what is in use and what is free together.</b> A claim takes a free slab of its size; else makes one, if the budget allows; else takes
 * a free one of up to twice the size; else lets free ones of other sizes go until it may make one; else it is refused. Slabs that are let go are the garbage collector's.
 *
 * <p><b>Memory goes back</b> in three ways: those; when more than a quarter of the budget stood free through {@value #CLAIMS_BETWEEN_TRIMS} claims, half of the slabs of each
 * size that stood free through all of them are let go; and all of it when the pool closes.
 */
public final class SlabPool {
    /** Where nothing is written: this, or four of the largest payload. */
    public static final long DEFAULT_BUDGET_BYTES = 64L << 20;

    private static final int LARGEST_IN_DEFAULT_BUDGET = 4;
    private static final int CLAIMS_BETWEEN_TRIMS = 1024;
    private static final @Nullable Slab[] NO_LISTS = {};
    private static final int[] NO_COUNTS = {};

    private static final VarHandle RETURNED;
    private static final VarHandle USED_BYTES;
    private static final VarHandle LATE_BYTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RETURNED = lookup.findVarHandle(SlabPool.class, "returned", Slab.class);
            USED_BYTES = lookup.findVarHandle(SlabPool.class, "usedBytes", long.class);
            LATE_BYTES = lookup.findVarHandle(SlabPool.class, "lateBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final boolean isBudgetWritten;
    private final Runnable onReturned;
    private final boolean isDebugging;

    // The owner's.
    private @Nullable Slab[] free = NO_LISTS;
    private int[] freeCounts = NO_COUNTS;
    private int[] lowestCounts = NO_COUNTS; // since the last trim
    private long budgetBytes;
    private long heldBytes; // counted slabs, in use or free
    private long freeBytes;
    private long claims;
    private int claimsUntilTrim = CLAIMS_BETWEEN_TRIMS;

    // Written by the owner, read by any thread: opaque, but for the closing.
    @SuppressWarnings("UnusedVariable") // accessed through USED_BYTES only
    private long usedBytes;

    private volatile boolean isClosed;

    // Written by all.
    private volatile @Nullable Slab returned;
    private volatile long lateBytes; // of counted slabs that came back after the closing

    /**
     * Allocates little until the first claim.
     *
     * @param name of whom it serves, as in {@code output 'camera/frame'}
     * @param budgetBytes empty for the default, which grows with the largest payload
     * @param onReturned called on any thread when a slab has come back: wakes the owner if that waits
     * @param isDebugging whether what was released is written over
     */
    public SlabPool(String name, OptionalLong budgetBytes, Runnable onReturned, boolean isDebugging) {
        this.name = name;
        this.isBudgetWritten = budgetBytes.isPresent();
        this.budgetBytes = budgetBytes.orElse(DEFAULT_BUDGET_BYTES);
        this.onReturned = onReturned;
        this.isDebugging = isDebugging;
    }

    /** Whether a payload of so many bytes, with its parameters, could ever be held. Any thread. */
    public boolean canEverHold(long lengthBytes) {
        return !isBudgetWritten || lengthBytes <= budgetBytes;
    }

    /** As written, or as it has grown. The owner. */
    public long budgetBytes() {
        return budgetBytes;
    }

    /** Bytes of slabs that are not free, as the owner knew last. Any thread. */
    public long usedBytes() {
        return (long) USED_BYTES.getOpaque(this);
    }

    boolean isDebugging() {
        return isDebugging;
    }

    /**
     * The owner: a slab with one reference, its bytes as the last payload has left them; null where the budget is used up.
     *
     * @throws IllegalStateException if this JVM has no more memory outside the heap
     */
    public @Nullable Slab claim(int lengthBytes) {
        collect();
        int index = SlabSizes.indexOf(lengthBytes);
        int size = sizeOf(index, lengthBytes);
        @Nullable Slab slab = takeFree(index);
        if (slab == null) {
            slab = find(index, size);
        }
        if (slab == null) {
            return null;
        }
        trimNowAndThen();
        publishUse();
        return slab.begin(lengthBytes, claims++, false);
    }

    /** The owner: a slab that the budget does not count, for what has to be kept though there is no room; allocates. */
    public Slab claimUncounted(int lengthBytes) {
        int index = SlabSizes.indexOf(lengthBytes);
        return allocate(index, sizeOf(index, lengthBytes)).begin(lengthBytes, claims++, true);
    }

    /** The owner: whether {@link #count} would succeed. */
    public boolean canCount(Slab slab) {
        collect();
        return slab.isCounted || !slab.isOf(this) || inUse() + slab.capacity() <= budgetBytes;
    }

    /** The owner: whether a slab for so many bytes could be claimed now. */
    public boolean fits(int bytes) {
        collect();
        return inUse() + sizeOf(SlabSizes.indexOf(bytes), bytes) <= budgetBytes;
    }

    /** The owner: has a slab that was not counted counted from now on; false if the budget does not allow it yet. Another pool's slab is that one's to count. */
    public boolean count(Slab slab) {
        if (slab.isCounted || !slab.isOf(this)) {
            return true;
        }
        collect();
        int capacity = slab.capacity();
        if (inUse() + capacity > budgetBytes) {
            return false;
        }
        makeRoom(capacity);
        slab.isCounted = true;
        heldBytes += capacity;
        publishUse();
        return true;
    }

    /** The owner: what is free goes back to the system, and what is in use will when it is released. */
    public void close() {
        isClosed = true;
        collect();
        letAllFreeGo();
        publishUse();
    }

    /** Any thread that has given the last reference back. */
    void giveBack(Slab slab) {
        @Nullable Slab top;
        do {
            top = returned;
            slab.next = top;
        } while (!RETURNED.compareAndSet(this, top, slab)); // partner: collect()
        if (isClosed) {
            letReturnedGo();
        }
        onReturned.run();
    }

    /** After the closing nobody claims: whoever lays something on the stack takes it off again. Either this sees the closing, or the closing sees the stack. */
    private void letReturnedGo() {
        @Nullable Slab slab = (Slab) RETURNED.getAndSet(this, null);
        while (slab != null) {
            @Nullable Slab next = slab.next;
            slab.next = null;
            LATE_BYTES.getAndAdd(this, slab.isCounted ? (long) slab.capacity() : 0L);
            slab = next;
        }
    }

    /** Takes what has come back. */
    private void collect() {
        if (returned == null) {
            return;
        }
        // Partner: giveBack(). Shows what the last holder did with the slab, so that it does not happen after the next
        // claim.
        @Nullable Slab slab = (Slab) RETURNED.getAndSet(this, null);
        while (slab != null) {
            @Nullable Slab next = slab.next;
            putFree(slab);
            slab = next;
        }
    }

    private void putFree(Slab slab) {
        if (!slab.isCounted) {
            slab.next = null; // let go
            return;
        }
        prepareLists();
        slab.next = free[slab.sizeIndex];
        free[slab.sizeIndex] = slab;
        freeCounts[slab.sizeIndex]++;
        freeBytes += slab.capacity();
    }

    private @Nullable Slab takeFree(int index) {
        if (free.length == 0) {
            return null;
        }
        @Nullable Slab slab = free[index];
        if (slab != null) {
            free[index] = slab.next;
            slab.next = null;
            int left = --freeCounts[index];
            lowestCounts[index] = Math.min(lowestCounts[index], left);
            freeBytes -= slab.capacity();
        }
        return slab;
    }

    private @Nullable Slab find(int index, int size) {
        if (inUse() + size > budgetBytes) {
            return null;
        }
        if (heldBytes - lateBytes + size > budgetBytes) {
            @Nullable Slab larger = takeLarger(index);
            if (larger != null) {
                return larger;
            }
            makeRoom(size);
        }
        return make(index, size);
    }

    private @Nullable Slab takeLarger(int index) {
        int last = Math.min(SlabSizes.COUNT - 1, SlabSizes.indexOf(2 * Math.min(SlabSizes.bytes(index), 1 << 29)));
        for (int i = index + 1; i <= last; i++) {
            @Nullable Slab slab = takeFree(i);
            if (slab != null) {
                return slab;
            }
        }
        return null;
    }

    private Slab make(int index, int size) {
        Slab slab = allocate(index, size);
        slab.isCounted = true;
        heldBytes += size;
        return slab;
    }

    private void prepareLists() {
        if (free.length == 0) {
            free = new Slab[SlabSizes.COUNT];
            freeCounts = new int[SlabSizes.COUNT];
            lowestCounts = new int[SlabSizes.COUNT];
        }
    }

    private Slab allocate(int index, int size) {
        try {
            return Slab.allocate(this, index, size);
        } catch (OutOfMemoryError e) { // of the memory outside the heap, so the JVM itself is well
            letAllFreeGo();
            throw new IllegalStateException(
                    name + " needs " + size + " bytes outside the heap for a payload, and the JVM has them not:"
                            + " make payload_budget smaller, or -XX:MaxDirectMemorySize larger",
                    e);
        }
    }

    /** A slab's bytes; a written budget need not have the size of one. */
    private int sizeOf(int index, int lengthBytes) {
        int size = SlabSizes.bytes(index);
        if (!isBudgetWritten) {
            budgetBytes = Math.max(budgetBytes, (long) LARGEST_IN_DEFAULT_BUDGET * size);
            return size;
        }
        return (int) Math.max(lengthBytes, Math.min(size, budgetBytes));
    }

    /** Lets free slabs go until so many bytes may be made; they may be, when all are gone. */
    private void makeRoom(int size) {
        long missing = heldBytes - lateBytes + size - budgetBytes;
        while (missing > 0) {
            missing -= letGo(victim(missing));
        }
    }

    /** The size of which one slab is to go: the smallest that is enough, else the largest. */
    private int victim(long missing) {
        int largest = -1;
        for (int i = 0; i < free.length; i++) {
            @Nullable Slab slab = free[i];
            if (slab != null) {
                largest = i;
                if (slab.capacity() >= missing) {
                    return i;
                }
            }
        }
        return largest;
    }

    private long letGo(int index) {
        Slab slab = Objects.requireNonNull(takeFree(index), "a size without free slabs");
        heldBytes -= slab.capacity();
        return slab.capacity();
    }

    private void letAllFreeGo() {
        for (int i = 0; i < free.length; i++) {
            while (free[i] != null) {
                letGo(i);
            }
        }
    }

    private void trimNowAndThen() {
        if (--claimsUntilTrim > 0) {
            return;
        }
        claimsUntilTrim = CLAIMS_BETWEEN_TRIMS;
        boolean isMuchFree = freeBytes > budgetBytes / 4;
        for (int i = 0; i < lowestCounts.length; i++) {
            int unused = lowestCounts[i];
            for (int gone = 0; isMuchFree && gone < (unused + 1) / 2; gone++) {
                letGo(i);
            }
            lowestCounts[i] = freeCounts[i];
        }
    }

    private long inUse() {
        return heldBytes - freeBytes - lateBytes;
    }

    private void publishUse() {
        USED_BYTES.setOpaque(this, inUse());
    }

    /** The owner, for tests: bytes of slabs that are free. */
    long freeBytes() {
        collect();
        return freeBytes;
    }

    /** The owner: bytes of slabs that somebody holds. */
    public long outstandingBytes() {
        collect();
        publishUse();
        return inUse();
    }

    @Override
    public String toString() {
        return name + ": " + usedBytes() + " bytes of payloads in use";
    }
}
