package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Large bodies on their way to another JVM: each in a cell of a file that both map. The producer's thread.
 *
 * <pre>
 *    0  whose it is (see {@link BodyFiles#HEADER_BYTES})
 *   32  cells  i32
 *   36  stride i32
 *   64  for each cell, i32: 1 from when a body was put there until the other JVM has released it
 *   ..  cells, from a multiple of 4096 on
 * </pre>
 *
 * A body's slab is held as long as its cell is taken, so what is under way and what the other JVM retains count in the budget of the output, as they would within one JVM. Nothing that the other JVM
 * writes here is used but whether that word is 0; if that JVM ends, all slabs are released at once.
 */
final class SentBodies {
    static final int CELLS = BodyFiles.HEADER_BYTES;
    static final int STRIDE = CELLS + 4;
    static final int LEDGER = 64;
    static final int MAX_FILES = 4096;
    static final int MAX_CELLS = 4096;

    private static final int PAGE = 4096;
    private static final int SMALLEST_CELL = 256;
    private static final int SMALL_FILE_BYTES = 1 << 20;
    private static final long MOST_BYTES = 4L << 30;
    private static final long KEPT_BYTES = 256L << 20;

    private final BodyFiles files;
    private final ByteBuffer region;
    private final @Nullable File[] byNumber = new File[MAX_FILES];
    private int fileCount; // numbers that were used so far
    private long bytes; // of files
    private boolean isOver;

    // Under way, the oldest first: a circle.
    private long[] underWay = new long[16];
    private int first;
    private int count;

    // That the other end has gone past and not released.
    private long[] retained = new long[16];
    private int retainedCount;

    private static final class File {
        final int number;
        final ByteBuffer memory;
        final int stride;
        final int begin;
        final int bytes;
        final @Nullable Slab[] slabs;
        final long[] messages;
        final int[] free;
        int freeCount;

        File(int number, ByteBuffer memory, int cells, int stride, int bytes) {
            this.number = number;
            this.memory = memory;
            this.stride = stride;
            this.begin = begin(cells);
            this.bytes = bytes;
            slabs = new Slab[cells];
            messages = new long[cells];
            free = new int[cells];
            for (int cell = cells - 1; cell >= 0; cell--) {
                free[freeCount++] = cell;
            }
        }

        boolean isFree() {
            return freeCount == free.length;
        }
    }

    SentBodies(BodyFiles files, ByteBuffer region) {
        this.files = files;
        this.region = region;
    }

    /** Whether nobody reads here any more. */
    boolean isOver() {
        return isOver;
    }

    /** Where the cells begin. */
    static int begin(int cells) {
        return Region.align(LEDGER + cells * Integer.BYTES, PAGE);
    }

    /**
     * Copies a body, of which it takes over one reference.
     *
     * @return the file's number, and in the lower half the cell's
     * @throws IOException if there is no file for it and none can be made; then the reference is still the caller's
     */
    long put(Slab body, int length, long message) throws IOException {
        if (isOver) {
            throw new IOException("the edge is closed");
        }
        if (length < 0 || length > body.capacity()) {
            throw new IOException("the header says so, and its memory has " + body.capacity());
        }
        int stride = strideOf(length);
        File file = find(stride);
        if (file == null) {
            file = findLargerOrMake(stride);
        }
        int cell = file.free[--file.freeCount];
        file.memory.put(file.begin + cell * file.stride, body.view(), 0, length);
        file.memory.putInt(LEDGER + cell * Integer.BYTES, 1); // published with the record
        file.slabs[cell] = body;
        file.messages[cell] = message;
        long place = (long) file.number << 32 | cell;
        push(place);
        return place;
    }

    private static int strideOf(int length) {
        if (length <= SMALLEST_CELL) {
            return SMALLEST_CELL;
        }
        int step = Math.max(64, Integer.highestOneBit(length) >> 2);
        return Region.align(length, step);
    }

    private @Nullable File find(int stride) {
        for (int number = fileCount - 1; number >= 0; number--) {
            File file = byNumber[number];
            if (file != null && file.stride == stride && file.freeCount > 0) {
                return file;
            }
        }
        return null;
    }

    private File findLargerOrMake(int stride) throws IOException {
        int cells = Math.max(1, Math.min(MAX_CELLS, SMALL_FILE_BYTES / stride));
        int size = Math.addExact(begin(cells), Math.multiplyExact(cells, stride));
        if (bytes + size > KEPT_BYTES) {
            // The other JVM has mapped what is deleted for as long as the edge lasts: so none is, unless it is too
            // small.
            File larger = findLarger(stride);
            if (larger != null) {
                return larger;
            }
            deleteFree();
        }
        if (fileCount == MAX_FILES || bytes + size > MOST_BYTES) {
            throw new IOException("files of " + bytes + " bytes, of which there may be " + MOST_BYTES
                    + ", are under way or retained; " + fileCount + " of " + MAX_FILES + " were made");
        }
        ByteBuffer memory = files.create(fileCount, size);
        memory.putInt(CELLS, cells);
        memory.putInt(STRIDE, stride);
        File made = new File(fileCount, memory, cells, stride, size);
        byNumber[fileCount++] = made;
        bytes += size;
        return made;
    }

    /** The smallest cells of which one is free. */
    private @Nullable File findLarger(int stride) {
        File best = null;
        for (int number = 0; number < fileCount; number++) {
            File file = byNumber[number];
            if (file != null
                    && file.freeCount > 0
                    && file.stride > stride
                    && (best == null || file.stride < best.stride)) {
                best = file;
            }
        }
        return best;
    }

    private void deleteFree() {
        for (int number = 0; number < fileCount; number++) {
            File file = byNumber[number];
            if (file != null && file.isFree()) {
                byNumber[number] = null;
                bytes -= file.bytes;
                files.delete(number);
            }
        }
    }

    private void push(long place) {
        if (count == underWay.length) {
            long[] more = new long[2 * count];
            for (int i = 0; i < count; i++) {
                more[i] = underWay[(first + i) & (count - 1)];
            }
            underWay = more;
            first = 0;
        }
        underWay[(first + count++) & (underWay.length - 1)] = place;
    }

    /** Takes back what the other JVM has released. */
    void collect() {
        if (count == 0 && retainedCount == 0) {
            return;
        }
        long taken = (long) Region.LONGS.getAcquire(region, Region.READER_POSITION);
        while (count > 0) {
            long place = underWay[first];
            if (!isReturned(place)) {
                if (fileOf(place).messages[(int) place] > taken) {
                    break; // what follows was not taken yet
                }
                keep(place); // in hand, or retained
            }
            first = (first + 1) & (underWay.length - 1);
            count--;
        }
        for (int i = retainedCount - 1; i >= 0; i--) {
            if (isReturned(retained[i])) {
                retained[i] = retained[--retainedCount];
            }
        }
    }

    /** The slab of a body that nobody has taken; null if there is none, whatever stands where its place did. */
    @Nullable Slab slabAt(long place) {
        long number = place >>> 32;
        File file = number < fileCount ? byNumber[(int) number] : null;
        int cell = (int) place;
        return file == null || cell < 0 || cell >= file.slabs.length ? null : file.slabs[cell];
    }

    /** Nobody will take that body. */
    void takeBack(long place) {
        if (slabAt(place) == null) {
            return;
        }
        Region.INTS.setRelease(fileOf(place).memory, LEDGER + (int) place * Integer.BYTES, 0);
        collect();
    }

    private void keep(long place) {
        if (retainedCount == retained.length) {
            retained = Arrays.copyOf(retained, 2 * retainedCount);
        }
        retained[retainedCount++] = place;
    }

    private File fileOf(long place) {
        return Objects.requireNonNull(byNumber[(int) (place >>> 32)], "a file is not deleted while a cell is taken");
    }

    private boolean isReturned(long place) {
        File file = fileOf(place);
        int cell = (int) place;
        // Partner: ReceivedBodies. What it has read there it has read before this is written anew.
        if ((int) Region.INTS.getAcquire(file.memory, LEDGER + cell * Integer.BYTES) != 0) {
            return false;
        }
        Slab slab = Objects.requireNonNull(file.slabs[cell], "the cell is taken");
        file.slabs[cell] = null;
        file.free[file.freeCount++] = cell;
        slab.release();
        return true;
    }

    /** The other end is gone: no cell is used again. */
    void releaseAll() {
        isOver = true;
        count = 0;
        retainedCount = 0;
        for (int number = 0; number < fileCount; number++) {
            File file = byNumber[number];
            byNumber[number] = null;
            if (file != null) {
                BodySlots.releaseAll(file.slabs);
            }
        }
    }
}
