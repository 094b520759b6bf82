package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Large bodies from another JVM, read where that has put them: see {@link SentBodies}. The consumer's thread; they are released on any. Nothing that the other JVM has written is trusted. */
final class ReceivedBodies {
    private final BodyFiles files;
    private final WakeSignal writerSignal;
    private final @Nullable File[] byNumber = new File[SentBodies.MAX_FILES];

    private static final class File {
        final ByteBuffer memory;
        final int stride;
        final int begin;
        final @Nullable Slab[] cells;

        File(ByteBuffer memory, int stride, int begin, int cells) {
            this.memory = memory;
            this.stride = stride;
            this.begin = begin;
            this.cells = new @Nullable Slab[cells];
        }
    }

    ReceivedBodies(BodyFiles files, WakeSignal writerSignal) {
        this.files = files;
        this.writerSignal = writerSignal;
    }

    /**
     * The body at a place, with one reference.
     *
     * @throws IOException if there is no such place, or no body of that length fits there
     */
    Slab at(int number, int cell, int length) throws IOException {
        if (number < 0 || number >= byNumber.length) {
            throw new IOException("file " + number + " is named, and there are " + byNumber.length + " at the most");
        }
        File file = byNumber[number];
        if (file == null) {
            file = open(number);
            byNumber[number] = file;
        }
        if (cell < 0 || cell >= file.cells.length || length < 0 || length > file.stride) {
            throw new IOException("cell " + cell + " with " + length + " bytes is named, and file " + number + " has "
                    + file.cells.length + " cells of " + file.stride + " bytes");
        }
        Slab slab = file.cells[cell];
        if (slab == null) {
            slab = cell(file, cell);
            file.cells[cell] = slab;
        } else if (slab.references() != 0) {
            throw new IOException("cell " + cell + " of file " + number + " is named while it is in use");
        }
        return slab.lend(length);
    }

    private Slab cell(File file, int cell) {
        ByteBuffer memory = file.memory;
        int entry = SentBodies.LEDGER + cell * Integer.BYTES;
        return Slab.lent(memory.slice(file.begin + cell * file.stride, file.stride), () -> {
            // Partner: SentBodies.isReturned().
            Region.INTS.setRelease(memory, entry, 0);
            writerSignal.signal();
        });
    }

    private File open(int number) throws IOException {
        ByteBuffer memory = files.open(number);
        int size = memory.capacity();
        int cells = size < SentBodies.LEDGER ? 0 : memory.getInt(SentBodies.CELLS);
        int stride = size < SentBodies.LEDGER ? 0 : memory.getInt(SentBodies.STRIDE);
        if (cells < 1 || cells > SentBodies.MAX_CELLS || stride < 1) {
            throw new IOException("file " + number + " says that it has " + cells + " cells of " + stride + " bytes");
        }
        int begin = SentBodies.begin(cells);
        if (begin + (long) cells * stride > size) {
            throw new IOException("file " + number + " says that it has " + cells + " cells of " + stride
                    + " bytes, and has " + size + " bytes itself");
        }
        return new File(memory, stride, begin, cells);
    }
}
