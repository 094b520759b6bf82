package io.millrace.local.recording;

import io.millrace.layout.MessageView;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.node.Message;
import io.millrace.node.Output;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a recording one by one, in the order in which they were recorded. Trusts nothing that it reads. Used by one thread at a time.
 *
 * <p>Where the recorded process was killed, the last complete message is the last one, and {@link #isComplete()} says false.
 */
public final class RecordingReader implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DocumentReader documents;
    private final RecordingHeader header;
    private final Selection selection;
    private final boolean readsUnfinished;
    private final MessageView view = new MessageView();
    private ByteBuffer whole = NOTHING; // of a record in parts
    private ByteBuffer readOnly = NOTHING;
    private ByteBuffer readOnlyOf = NOTHING;
    private boolean isStarted;
    private int next; // in the document's buffer
    private int end;
    private boolean isOver;
    private boolean isComplete;
    private long count;
    private long missing;

    /** @param readsUnfinished whether what is whole in a document counts even where that was not ended */
    RecordingReader(DocumentReader documents, RecordingHeader header, Selection selection, boolean readsUnfinished) {
        this.documents = documents;
        this.header = header;
        this.selection = selection;
        this.readsUnfinished = readsUnfinished;
    }

    /**
     * Goes on to the next message. Blocks on the file system now and then; allocates little.
     *
     * @return null when there are no more
     * @throws InvalidRecordingException if the recording is damaged: the message says where
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public @Nullable RecordedMessage next() {
        view.invalidate();
        try {
            return isOver || count >= selection.limit() ? null : find();
        } catch (IOException e) {
            throw Recording.unreadable(e);
        }
    }

    private @Nullable RecordedMessage find() throws IOException {
        while (!isOver) {
            if (!isStarted) {
                isStarted = true;
                documents.next(); // the header, which was read before
            }
            if (next >= end && !nextDocument()) {
                isOver = true;
                return null;
            }
            RecordedMessage message = read();
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    private boolean nextDocument() throws IOException {
        boolean isThere = documents.next();
        while (isThere && documents.isOpen() && !readsUnfinished) {
            isThere = documents.next();
        }
        next = isThere ? documents.offset() : 0;
        end = isThere ? next + documents.length() : 0;
        return isThere;
    }

    /** The next message of the document if it is wanted; else null. */
    private @Nullable RecordedMessage read() throws IOException {
        ByteBuffer buffer = documents.buffer();
        int begin = next;
        if (end - begin < RecordingFormat.PREFIX_LENGTH) {
            reject("a document of " + documents.length() + " bytes is too short");
            return null;
        }
        byte kind = buffer.get(begin + RecordingFormat.KIND_OFFSET);
        if (kind == RecordingFormat.MESSAGE) {
            int length = passRecord(buffer, begin);
            return length < 0 ? null : message(kind, buffer, begin, length);
        }
        next = end;
        if (documents.isOpen()) {
            return null; // what is whole in it has been read
        }
        if (begin != documents.offset()) {
            throw damaged("a document of messages has one of kind " + kind + " in it");
        }
        switch (kind) {
            case RecordingFormat.BEGIN -> {
                return message(kind, buffer, begin, 0);
            }
            case RecordingFormat.PART -> throw damaged("it is part of a message whose beginning is not there");
            case RecordingFormat.END -> end(buffer, begin);
            default -> throw damaged("a document of kind " + kind + " is not known");
        }
        return null;
    }

    /** The bytes of the record at {@code begin}, behind which it is gone on; -1 if there is none. */
    private int passRecord(ByteBuffer buffer, int begin) {
        int record = begin + RecordingFormat.PREFIX_LENGTH;
        int left = end - record;
        next = end;
        if (left < RecordLayout.HEADER_LENGTH) {
            reject("a record of " + left + " bytes is too short");
            return -1;
        }
        long parameters = buffer.getInt(record + RecordLayout.PARAMETERS_LENGTH_OFFSET) & 0xFFFF_FFFFL;
        long payload = buffer.getInt(record + RecordLayout.PAYLOAD_LENGTH_OFFSET) & 0xFFFF_FFFFL;
        long length = RecordLayout.HEADER_LENGTH + ((parameters + 7) & -8L) + payload;
        long behind = record + ((length + 7) & -8L); // a prefix is a multiple of 8
        boolean isLast = length == left;
        boolean mayBeFollowed = behind <= end - RecordingFormat.PREFIX_LENGTH || documents.isOpen() && length < left;
        if (parameters > ParameterCodec.MAX_BLOCK_BYTES || !isLast && !mayBeFollowed) {
            reject("a record says that it has " + parameters + " bytes of parameters and " + payload
                    + " of payload, where " + left + " bytes are left");
            return -1;
        }
        next = (int) Math.min(behind, end);
        return (int) length;
    }

    /** What is wrong ends a document that was not ended; in any other it is damage. */
    private void reject(String what) {
        if (!documents.isOpen()) {
            throw damaged(what);
        }
        next = end;
    }

    /** @param length of the record, unless that is in parts */
    private @Nullable RecordedMessage message(byte kind, ByteBuffer buffer, int begin, int length) throws IOException {
        int number = buffer.getShort(begin + RecordingFormat.OUTPUT_OFFSET) & 0xFFFF;
        if (number >= header.outputs().size()) {
            reject("it is of output number " + number + ", and there are only "
                    + header.outputs().size());
            return null;
        }
        String output = header.outputs().get(number);
        long missingBefore = buffer.getInt(begin + RecordingFormat.MISSING_OFFSET) & 0xFFFF_FFFFL;
        Instant receivedAt = time(buffer.getLong(begin + RecordingFormat.TIME_OFFSET));
        if (!isWanted(output, receivedAt)) {
            if (kind == RecordingFormat.BEGIN && !isOver) {
                assemble(number, false);
            }
            return null;
        }
        Message message = kind == RecordingFormat.BEGIN
                ? assemble(number, true)
                : view(buffer, begin + RecordingFormat.PREFIX_LENGTH, length);
        if (message == null) {
            return null;
        }
        count++;
        missing += missingBefore;
        return new RecordedMessage(output, receivedAt, missingBefore, message);
    }

    private boolean isWanted(String output, Instant receivedAt) {
        if (selection.to().isPresent() && receivedAt.isAfter(selection.to().get())) {
            isOver = true;
            return false;
        }
        Set<String> outputs = selection.outputs();
        return (outputs.isEmpty() || outputs.contains(output))
                && (selection.from().isEmpty()
                        || !receivedAt.isBefore(selection.from().get()));
    }

    private static Instant time(long epochNs) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, 1_000_000_000L), Math.floorMod(epochNs, 1_000_000_000L));
    }

    /** Puts the parts of a record together, or passes over them; null where the recording was cut within. */
    private @Nullable Message assemble(int number, boolean isWanted) throws IOException {
        ByteBuffer buffer = documents.buffer();
        int begin = documents.offset();
        long wanted = documents.length() < RecordingFormat.BEGIN_LENGTH
                ? -1
                : buffer.getLong(begin + RecordingFormat.PREFIX_LENGTH);
        long longest = (long) RecordLayout.HEADER_LENGTH
                + RecordLayout.align8(ParameterCodec.MAX_BLOCK_BYTES)
                + Output.MAX_PAYLOAD_BYTES;
        if (wanted <= RecordingFormat.MAX_PART_BYTES || wanted > longest) {
            throw damaged("a message of " + wanted + " bytes does not come in parts");
        }
        whole = NOTHING;
        int at = RecordingFormat.BEGIN_LENGTH;
        int filled = 0;
        while (true) {
            int bytes = documents.length() - at;
            if (bytes <= 0 || bytes > wanted - filled) {
                throw damaged("a part of " + bytes + " bytes does not fit where " + (wanted - filled) + " are missing");
            }
            if (isWanted) {
                append(documents.buffer(), documents.offset() + at, bytes, filled, (int) wanted);
            }
            filled += bytes;
            if (filled == wanted) {
                return isWanted ? view(whole, 0, filled) : null;
            }
            if (!nextDocument() || documents.isOpen()) {
                isOver = true;
                return null;
            }
            next = end;
            checkPart(number);
            at = RecordingFormat.PREFIX_LENGTH;
        }
    }

    private void checkPart(int number) {
        ByteBuffer buffer = documents.buffer();
        int begin = documents.offset();
        if (documents.length() < RecordingFormat.PREFIX_LENGTH
                || buffer.get(begin + RecordingFormat.KIND_OFFSET) != RecordingFormat.PART
                || (buffer.getShort(begin + RecordingFormat.OUTPUT_OFFSET) & 0xFFFF) != number) {
            throw damaged("it is not the part of a message that is due there");
        }
    }

    /** Grows with what is really there, for a length alone proves nothing. */
    private void append(ByteBuffer source, int from, int bytes, int filled, int wanted) {
        if (whole.capacity() < filled + bytes) {
            int capacity = (int) Math.min(wanted, Math.max(2L * whole.capacity(), filled + (long) bytes));
            ByteBuffer more = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
            more.put(0, whole, 0, filled);
            whole = more;
        }
        whole.put(filled, source, from, bytes);
    }

    private @Nullable Message view(ByteBuffer buffer, int begin, int bytes) {
        byte version = buffer.get(begin + RecordLayout.VERSION_OFFSET);
        if (version != RecordLayout.VERSION) {
            reject("a record has version " + version + ", expected " + RecordLayout.VERSION);
            return null;
        }
        int parameters = buffer.getInt(begin + RecordLayout.PARAMETERS_LENGTH_OFFSET);
        int payload = buffer.getInt(begin + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        if (RecordLayout.isReference(buffer, begin)
                || parameters < 0
                || parameters > ParameterCodec.MAX_BLOCK_BYTES
                || RecordLayout.HEADER_LENGTH + RecordLayout.align8(parameters) + (payload & 0xFFFF_FFFFL) != bytes) {
            reject("a record of " + bytes + " bytes says that it has " + Integer.toUnsignedString(parameters)
                    + " bytes of parameters and " + Integer.toUnsignedString(payload) + " of payload");
            return null;
        }
        if (readOnlyOf != buffer) {
            readOnlyOf = buffer;
            readOnly = buffer.asReadOnlyBuffer().clear().order(ByteOrder.LITTLE_ENDIAN);
        }
        readOnly.limit(buffer.limit());
        view.wrap(readOnly, begin, null);
        checkParameters();
        return view;
    }

    private void checkParameters() {
        if (view.hasParameters()) {
            try {
                view.parameters();
            } catch (IllegalArgumentException e) {
                throw damaged(String.valueOf(e.getMessage()));
            }
        }
    }

    private void end(ByteBuffer buffer, int begin) {
        int outputs = header.outputs().size();
        if (documents.length() != RecordingFormat.PREFIX_LENGTH + outputs * 2 * Long.BYTES) {
            throw damaged("its end has " + documents.length() + " bytes");
        }
        isOver = true;
        isComplete = true;
        if (selection.equals(Selection.ALL)) {
            missing = 0; // the recorder has counted better than gaps can tell: also before the first and after the last
            // message
            for (int number = 0; number < outputs; number++) {
                missing += buffer.getLong(begin + RecordingFormat.PREFIX_LENGTH + number * 2 * Long.BYTES + Long.BYTES);
            }
        }
    }

    private InvalidRecordingException damaged(String what) {
        return new InvalidRecordingException(documents.where() + ": the recording is damaged: " + what);
    }

    /** Messages read so far. */
    public long count() {
        return count;
    }

    /** Messages found missing so far; at the end of a complete recording that is read whole, all that are. */
    public long missing() {
        return missing;
    }

    /** Once there are no more messages: whether the recording was ended in order, and not cut. */
    public boolean isComplete() {
        return isComplete;
    }

    /** Once there are no more messages: whether that is because the recording itself has none, and not because no more were wanted. */
    public boolean isAtEnd() {
        return isOver && (isComplete || selection.to().isEmpty());
    }

    /** Once there are no more messages: whether that is because the recording was cut there. */
    boolean isCut() {
        return isAtEnd() && !isComplete;
    }

    @Override
    public void close() {
        view.invalidate();
        isOver = true;
        try {
            documents.close();
        } catch (IOException e) {
            throw Recording.unreadable(e);
        }
    }
}
