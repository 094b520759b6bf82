package io.millrace.local.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a queue's files from the first to the last, and nothing but files: it needs neither Chronicle nor a flag of the JVM, trusts no length, and
 * writes nothing. Used by one thread at a time.
 *
 * <pre>
 *   a file: documents, each at a multiple of 4
 *   +----------------------------------------------------+------------------+
 *   | bit 31: not complete, bit 30: of the queue itself, | its bytes        |
 *   | bits 0 to 29: length                               |                  |
 *   +----------------------------------------------------+------------------+
 *   The first is the queue's own. A word that is 0 or not complete ends the file: nothing was written there, or its writer has not come to the
 *   end of the document. What there is of such a document, or of one whose file was cut, is given out as well, and said to be open; how long it
 *   is to be, its word does not tell.
 * </pre>
 *
 * Read through a window that is moved along the file, for a mapped file that is cut short by someone else would end the JVM.
 */
final class DocumentReader implements AutoCloseable {
    private static final int WORD = Integer.BYTES;
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int OF_THE_QUEUE = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int MAX_FIRST_BYTES = 64 * 1024;
    private static final byte[] STORE = "SCQStore".getBytes(StandardCharsets.US_ASCII);

    private final List<Path> files;
    private int nextFile;
    private @Nullable FileChannel channel;
    private long fileBytes;

    /** Bytes of the file from windowBegin on. */
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private long windowBegin;
    private long position;
    private int offset;
    private int length;
    private boolean isOpen;

    /** @param queueFiles in their order */
    DocumentReader(List<Path> queueFiles) {
        files = List.copyOf(queueFiles);
    }

    /**
     * Goes to the next document that is not the queue's own; false if there is none.
     *
     * @throws InvalidRecordingException if this is no queue, or it is damaged
     */
    boolean next() throws IOException {
        while (true) {
            if (channel == null && !openNext()) {
                return false;
            }
            if (isOpen) {
                closeFile();
                continue;
            }
            int word = wordAt(position);
            int bytes = word & LENGTH_MASK;
            boolean isCut = bytes > fileBytes - position - WORD;
            if (word == 0 || (word & NOT_COMPLETE) != 0 || isCut) {
                if (takeOpen(word)) {
                    return true;
                }
                closeFile();
                continue;
            }
            long begin = position + WORD;
            position = (begin + bytes + WORD - 1) & -WORD;
            if ((word & OF_THE_QUEUE) == 0) {
                take(begin, bytes);
                return true;
            }
        }
    }

    /** What there is of a document that is not complete. */
    private boolean takeOpen(int word) throws IOException {
        long begin = position + WORD;
        if ((word & OF_THE_QUEUE) != 0 || wordAt(begin) == 0) {
            return false;
        }
        take(begin, (int) Math.min(fileBytes - begin, RecordingFormat.MAX_UNFINISHED_BYTES));
        isOpen = true;
        return true;
    }

    private void take(long begin, int bytes) throws IOException {
        if (bytes > RecordingFormat.MAX_DOCUMENT_BYTES) {
            throw new InvalidRecordingException(where(begin) + ": a document of " + bytes
                    + " bytes is none of Millrace, whose longest has " + RecordingFormat.MAX_DOCUMENT_BYTES);
        }
        require(begin, bytes);
        offset = (int) (begin - windowBegin);
        length = bytes;
    }

    /** Valid until the next document is gone to. */
    ByteBuffer buffer() {
        return window;
    }

    /** Where the document begins in {@link #buffer()}. */
    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Whether it is not complete: {@link #length()} is what there may be of it at the most. */
    boolean isOpen() {
        return isOpen;
    }

    /** The document's place, for people. */
    String where() {
        return where(windowBegin + offset);
    }

    private String where(long at) {
        return "'" + files.get(nextFile - 1) + "', byte " + at;
    }

    private boolean openNext() throws IOException {
        if (nextFile == files.size()) {
            return false;
        }
        FileChannel opened = FileChannel.open(files.get(nextFile++), StandardOpenOption.READ);
        channel = opened;
        fileBytes = opened.size();
        windowBegin = 0;
        window.limit(0);
        position = 0;
        checkFirst();
        return true;
    }

    private void checkFirst() throws IOException {
        int word = wordAt(0);
        int bytes = Math.min(word & LENGTH_MASK, MAX_FIRST_BYTES);
        if (word == 0 || (word & NOT_COMPLETE) != 0) {
            return; // made, and its writer was killed
        }
        if ((word & OF_THE_QUEUE) == 0 || bytes > fileBytes - WORD || !contains(bytes)) {
            throw new InvalidRecordingException(
                    "'" + files.get(nextFile - 1) + "' is no file of a Chronicle Queue: it does not begin as one does");
        }
    }

    private boolean contains(int bytes) throws IOException {
        require(WORD, bytes);
        byte[] first = new byte[bytes];
        window.get(WORD, first);
        for (int at = 0; at + STORE.length <= bytes; at++) {
            if (Arrays.equals(first, at, at + STORE.length, STORE, 0, STORE.length)) {
                return true;
            }
        }
        return false;
    }

    private int wordAt(long at) throws IOException {
        if (at + WORD > fileBytes) {
            return 0;
        }
        require(at, WORD);
        return window.getInt((int) (at - windowBegin));
    }

    /** Has these bytes of the file in the window. */
    private void require(long begin, int bytes) throws IOException {
        if (begin >= windowBegin && begin + bytes <= windowBegin + window.limit()) {
            return;
        }
        if (window.capacity() < bytes) {
            window = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        window.clear();
        windowBegin = begin;
        while (window.hasRemaining()) {
            int read = java.util.Objects.requireNonNull(channel).read(window, begin + window.position());
            if (read < 0) {
                break;
            }
        }
        window.flip();
        if (window.limit() < bytes) {
            throw new InvalidRecordingException(where(begin) + ": the file has become shorter while it was read");
        }
    }

    private void closeFile() throws IOException {
        FileChannel open = channel;
        channel = null;
        isOpen = false;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        closeFile();
        nextFile = files.size();
    }
}
