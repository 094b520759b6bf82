package io.millrace.local.recording;

import io.millrace.layout.MessageView;
import io.millrace.layout.RecordLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the documents of one recording. Used by one thread at a time; who gives it to another makes that happen before its use there.
 *
 * <p>Messages share documents, for opening and ending one costs more than to write a small message. Where writing fails, what is whole stays and the rest is rolled back.
 */
final class RecordingWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingWriter.class);

    /** A queue writes into memory that stands for its file, and a disk that is full would end the JVM. */
    private static final long SPACE_TO_SPARE = 256L << 20;

    private static final long BYTES_BETWEEN_LOOKS = 32L << 20;

    /** A queue's own, in its directory. */
    private static final String FILES = "*.{cq4,cq4t}";

    private final Path directory;
    private final Space space;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private ByteBuffer document = buffer(64 * 1024);
    private long bytes;
    private long bytesUntilLook;

    // The open document, whose messages are whole up to its end; the next begins at position.
    private @Nullable DocumentContext open;
    private @Nullable Bytes<?> openBytes;
    private long begin;
    private long end;
    private long position;
    private long openLimit;

    private RecordingWriter(Path directory, Space space, ChronicleQueue queue) {
        this.directory = directory;
        this.space = space;
        this.queue = queue;
        this.appender = queue.createAppender();
    }

    /** How a recorder comes by its own. */
    @FunctionalInterface
    interface Opening {
        RecordingWriter open(Path directory) throws IOException;
    }

    /** How much room is left on the disk. */
    @FunctionalInterface
    interface Space {
        long usableBytes() throws IOException;
    }

    /** Blocks on the file system, for up to a second the first time. Call {@link Chronicle#prepare} before this class is touched. */
    static RecordingWriter open(Path directory) throws IOException {
        return open(directory, Files.getFileStore(directory)::getUsableSpace);
    }

    static RecordingWriter open(Path directory, Space space) {
        ChronicleQueue queue = ChronicleQueue.singleBuilder(directory)
                .rollCycle(RollCycles.FAST_DAILY)
                .build();
        try {
            RecordingWriter writer = new RecordingWriter(directory, space, queue);
            // One thread at a time is what this class asks for itself.
            writer.appender.singleThreadedCheckDisabled(true);
            writer.checkSpace();
            return writer;
        } catch (RuntimeException e) {
            queue.close();
            deleteFiles(directory);
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

    /**
     * Puts a message behind those that stand in the open document, or into a new one where it does not fit or there is none. {@link #endDocument} makes it one that the
     * queue's own readers see.
     *
     * @param missing messages of the output between the one before and this one
     */
    void message(int output, long missing, long nowNs, MessageView message) {
        int length = message.recordLength();
        if (length > RecordingFormat.MAX_PART_BYTES) {
            endDocument();
            messageInParts(output, missing, nowNs, message, length);
            return;
        }
        int all = RecordingFormat.PREFIX_LENGTH + length;
        if (open != null && position + all > openLimit) {
            endDocument();
        }
        Bytes<?> target = openBytes == null ? openDocument(all) : openBytes;
        try {
            putMessage(target, position, output, missing, nowNs, message);
        } catch (Throwable t) {
            endDocument(t);
            throw t;
        }
        end = position + all;
        position = begin + RecordLayout.align8((int) (end - begin));
        bytes += all;
    }

    private Bytes<?> openDocument(int length) {
        lookAtSpace(Math.max(length, RecordingFormat.MAX_SHARED_BYTES));
        DocumentContext document = appender.writingDocument();
        Bytes<?> target = document.wire().bytes();
        open = document;
        openBytes = target;
        begin = target.writePosition();
        openLimit = begin + RecordingFormat.MAX_SHARED_BYTES;
        position = begin;
        end = begin;
        return target;
    }

    /** The kind comes last: where it stands, all else does, also for who reads the memory of a process that was killed. */
    private void putMessage(Bytes<?> target, long at, int output, long missing, long nowNs, MessageView message) {
        long record = at + RecordingFormat.PREFIX_LENGTH;
        target.writeLong(at + RecordingFormat.TIME_OFFSET, nowNs);
        if (message.isRecordWhole()) {
            target.write(record, message.record(), message.recordOffset(), message.recordLength());
        } else {
            message.copyRecord(0, RecordLayout.HEADER_LENGTH, document, 0);
            target.write(record, document, 0, RecordLayout.HEADER_LENGTH);
            int parameters = RecordLayout.align8(message.parametersLength());
            target.write(
                    record + RecordLayout.HEADER_LENGTH,
                    message.buffer(),
                    message.offset() - parameters,
                    message.bodyLength());
        }
        target.writeInt(at + RecordingFormat.MISSING_OFFSET, (int) Math.min(missing, 0xFFFF_FFFFL));
        VarHandle.releaseFence();
        target.writeInt(
                at + RecordingFormat.KIND_OFFSET,
                RecordingFormat.MESSAGE | output << RecordingFormat.OUTPUT_OFFSET * Byte.SIZE);
    }

    /** Ends the open document, if there is one. */
    void endDocument() {
        DocumentContext document = open;
        Bytes<?> target = openBytes;
        if (document == null || target == null) {
            return;
        }
        open = null;
        openBytes = null;
        if (end == begin) {
            document.rollbackOnClose();
        } else {
            target.writePosition(end);
        }
        document.close();
    }

    /** What is whole in the document stays; the rest goes. */
    private void endDocument(Throwable cause) {
        try {
            endDocument();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
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
        endDocument();
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

    /** Writes a document of its own: so many bytes of the buffer. */
    private void append(int length) {
        lookAtSpace(length);
        try (DocumentContext context = appender.writingDocument()) {
            try {
                Bytes<?> target = context.wire().bytes();
                target.write(target.writePosition(), document, 0, length);
                target.writeSkip(length);
            } catch (Throwable t) {
                context.rollbackOnClose();
                throw t;
            }
        }
        bytes += length;
    }

    private void lookAtSpace(int length) {
        if ((bytesUntilLook -= length) < 0) {
            checkSpace();
        }
    }

    private void checkSpace() {
        bytesUntilLook = BYTES_BETWEEN_LOOKS;
        try {
            long usable = space.usableBytes();
            if (usable < SPACE_TO_SPARE) {
                throw new IllegalStateException("recording to '" + directory + "' has ended: only " + (usable >> 20)
                        + " MiB are left on the disk, and " + (SPACE_TO_SPARE >> 20) + " are to be spared");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell how much room is left for '" + directory + "'", e);
        }
    }

    /** Leaves nothing behind where nothing was written: the directory is empty again, as a recording needs it. */
    @Override
    public void close() {
        try {
            endDocument();
        } finally {
            appender.close();
            queue.close();
        }
        if (bytes == 0) {
            deleteFiles(directory);
        }
    }

    /** Whether there are files of a queue in the directory. */
    static boolean isIn(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, FILES)) {
            return files.iterator().hasNext();
        }
    }

    /** Whether the file is what a queue has before its first document: where it is alone, its process has ended before anything was recorded. */
    static boolean isOfNoRecording(Path file) {
        return file.endsWith("metadata.cq4t");
    }

    /** The queue's own only. */
    static void deleteFiles(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, FILES)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn(
                    "'{}' holds files of a recording that was not begun, for they cannot be deleted: {}",
                    directory,
                    e.toString());
        }
    }
}
