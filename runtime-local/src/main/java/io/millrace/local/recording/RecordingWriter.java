package io.millrace.local.recording;

import io.millrace.layout.MessageView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Writes the documents of one recording. Used by one thread at a time; who gives it to another makes that happen before its use there.
 *
 * <p>Where writing a document fails it is rolled back, so that nothing half written is left behind.
 */
final class RecordingWriter implements AutoCloseable {
    /** A queue writes into memory that stands for its file, and a disk that is full would end the JVM. */
    private static final long SPACE_TO_SPARE = 256L << 20;

    private static final long BYTES_BETWEEN_LOOKS = 32L << 20;

    private final Path directory;
    private final FileStore store;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private ByteBuffer document = buffer(64 * 1024);
    private long bytes;
    private long bytesUntilLook;

    private RecordingWriter(Path directory, FileStore store, ChronicleQueue queue) {
        this.directory = directory;
        this.store = store;
        this.queue = queue;
        this.appender = queue.createAppender();
    }

    /** Blocks on the file system, for up to a second the first time. Call {@link Chronicle#prepare} before this class is touched. */
    static RecordingWriter open(Path directory) throws IOException {
        ChronicleQueue queue = ChronicleQueue.singleBuilder(directory)
                .rollCycle(RollCycles.FAST_DAILY)
                .build();
        try {
            RecordingWriter writer = new RecordingWriter(directory, Files.getFileStore(directory), queue);
            // One thread at a time is what this class asks for itself.
            writer.appender.singleThreadedCheckDisabled(true);
            writer.checkSpace();
            return writer;
        } catch (IOException | RuntimeException e) {
            queue.close();
            throw e;
        }
    }

    void header(RecordingHeader header, long nowNs) {
        byte[] facts = header.encode();
        ensure(RecordingFormat.FACTS_OFFSET + facts.length);
        prefix(RecordingFormat.HEADER, 0, 0, nowNs);
        document.putLong(RecordingFormat.PREFIX_LENGTH, RecordingFormat.MAGIC);
        document.putInt(RecordingFormat.VERSION_OFFSET, RecordingFormat.VERSION);
        document.putInt(RecordingFormat.VERSION_OFFSET + Integer.BYTES, 0);
        document.put(RecordingFormat.FACTS_OFFSET, facts);
        append(RecordingFormat.FACTS_OFFSET + facts.length);
    }

    /** @param missing messages of the output between the one before and this one */
    void message(int output, long missing, long nowNs, MessageView message) {
        int length = message.recordLength();
        if (message.isRecordWhole() && length <= RecordingFormat.MAX_PART_BYTES) {
            prefix(RecordingFormat.MESSAGE, output, missing, nowNs);
            append(RecordingFormat.PREFIX_LENGTH, message.record(), message.recordOffset(), length);
        } else if (length <= RecordingFormat.MAX_PART_BYTES) {
            ensure(RecordingFormat.PREFIX_LENGTH + length);
            prefix(RecordingFormat.MESSAGE, output, missing, nowNs);
            message.copyRecord(0, length, document, RecordingFormat.PREFIX_LENGTH);
            append(RecordingFormat.PREFIX_LENGTH + length);
        } else {
            messageInParts(output, missing, nowNs, message, length);
        }
    }

    private void messageInParts(int output, long missing, long nowNs, MessageView message, int length) {
        ensure(RecordingFormat.BEGIN_LENGTH + RecordingFormat.MAX_PART_BYTES);
        for (int from = 0; from < length; from += RecordingFormat.MAX_PART_BYTES) {
            boolean isFirst = from == 0;
            int at = isFirst ? RecordingFormat.BEGIN_LENGTH : RecordingFormat.PREFIX_LENGTH;
            int count = Math.min(RecordingFormat.MAX_PART_BYTES, length - from);
            prefix(isFirst ? RecordingFormat.BEGIN : RecordingFormat.PART, output, isFirst ? missing : 0, nowNs);
            if (isFirst) {
                document.putLong(RecordingFormat.PREFIX_LENGTH, length);
            }
            message.copyRecord(from, count, document, at);
            append(at + count);
        }
    }

    /**
     * What became of an output's messages.
     *
     * @param missing those that gave way to newer ones
     */
    record Totals(long recorded, long missing) {}

    /** @param totals in the order of the outputs */
    void end(List<Totals> totals, long nowNs) {
        ensure(RecordingFormat.PREFIX_LENGTH + totals.size() * 2 * Long.BYTES);
        prefix(RecordingFormat.END, 0, 0, nowNs);
        int at = RecordingFormat.PREFIX_LENGTH;
        for (Totals each : totals) {
            document.putLong(at, each.recorded()).putLong(at + Long.BYTES, each.missing());
            at += 2 * Long.BYTES;
        }
        append(at);
    }

    /** Bytes of all documents so far. */
    long bytes() {
        return bytes;
    }

    private void prefix(byte kind, int output, long missing, long nowNs) {
        long missingBits = Math.min(missing, 0xFFFF_FFFFL) << RecordingFormat.MISSING_OFFSET * Byte.SIZE;
        long outputBits = (output & 0xFFFFL) << RecordingFormat.OUTPUT_OFFSET * Byte.SIZE;
        document.putLong(RecordingFormat.KIND_OFFSET, kind | outputBits | missingBits);
        document.putLong(RecordingFormat.TIME_OFFSET, nowNs);
    }

    private void ensure(int length) {
        if (document.capacity() < length) {
            document = buffer(Math.max(length, Integer.highestOneBit(length) << 1));
        }
    }

    private static ByteBuffer buffer(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void append(int length) {
        append(length, document, 0, 0);
    }

    /** So many bytes of the document, and behind them more from elsewhere: a small message is copied once, from the ring into the queue. */
    private void append(int length, ByteBuffer more, int moreOffset, int moreLength) {
        int all = length + moreLength;
        if ((bytesUntilLook -= all) < 0) {
            checkSpace();
        }
        try (DocumentContext context = appender.writingDocument()) {
            try {
                Bytes<?> target = context.wire().bytes();
                long at = target.writePosition();
                target.write(at, document, 0, length);
                if (moreLength > 0) {
                    target.write(at + length, more, moreOffset, moreLength);
                }
                target.writeSkip(all);
            } catch (Throwable t) {
                context.rollbackOnClose();
                throw t;
            }
        }
        bytes += all;
    }

    private void checkSpace() {
        bytesUntilLook = BYTES_BETWEEN_LOOKS;
        try {
            long usable = store.getUsableSpace();
            if (usable < SPACE_TO_SPARE) {
                throw new IllegalStateException("recording to '" + directory + "' has ended: only " + (usable >> 20)
                        + " MiB are left on the disk, and " + (SPACE_TO_SPARE >> 20) + " are to be spared");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell how much room is left for '" + directory + "'", e);
        }
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
    }
}
