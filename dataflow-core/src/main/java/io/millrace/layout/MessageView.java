package io.millrace.layout;

import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.RetainedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message over a record. Used by the receiving thread only; wraps one record after the other without allocating. */
public class MessageView extends PaddedMessage {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private ByteBuffer header = NOTHING;
    private int headerOffset;
    private ByteBuffer buffer = NOTHING;
    /** Of the buffer, if that is on the heap and the array is known: then it is read there, which takes less. */
    private byte @Nullable [] array;

    private int bodyOffset;
    private int offset;
    private int length = -1;
    private int parametersLength;
    private long timestamp;
    private final @Nullable Retainer retainer;

    /** Where the header of such a record is written once it is asked for. */
    private @Nullable ByteBuffer ownHeader;

    // Of a record whose header is written nowhere.
    private boolean isHeaderHere;
    private int hereFormat;
    private int hereIncarnation;
    private long hereSequence;

    /** Messages are retained by a copy on the heap. */
    public MessageView() {
        retainer = null;
    }

    public MessageView(Retainer retainer) {
        this.retainer = retainer;
    }

    /**
     * Shows the record at {@code recordOffset}.
     *
     * @param region read-only, little-endian
     * @param body the record's body where that does not stand behind its header: read-only, little-endian, from index 0; else null
     */
    public MessageView wrap(ByteBuffer region, int recordOffset, @Nullable ByteBuffer body) {
        long time = region.getLong(recordOffset + RecordLayout.TIMESTAMP_OFFSET);
        long lengths = region.getLong(recordOffset + RecordLayout.PARAMETERS_LENGTH_OFFSET);
        return wrap(region, recordOffset, time, lengths, body);
    }

    /** As {@link #wrap(ByteBuffer, int, ByteBuffer)}, for who knows two words of the header already. */
    public MessageView wrap(ByteBuffer region, int recordOffset, long time, long lengths, @Nullable ByteBuffer body) {
        timestamp = time;
        if (header != region) { // storing a reference costs more than looking
            header = region;
        }
        forgetHeaderHere();
        headerOffset = recordOffset;
        parametersLength = (int) lengths;
        length = (int) (lengths >>> 32);
        ByteBuffer bodyBuffer = body == null ? region : body;
        bodyOffset = body == null ? recordOffset + RecordLayout.HEADER_LENGTH : 0;
        if (buffer != bodyBuffer) {
            buffer = bodyBuffer;
        }
        offset = bodyOffset + RecordLayout.align8(parametersLength);
        return this;
    }

    /**
     * Shows a record without parameters whose header is written nowhere: its body stands in {@code region} where it would behind a header at the begin. The header is written by
     * who asks for the record itself, in memory of this view's own.
     *
     * @param region read-only, little-endian
     * @param bytes the memory of {@code region}
     */
    public void wrapBody(
            ByteBuffer region, byte[] bytes, int format, int incarnation, long sequence, long time, int payloadLength) {
        buffer = region;
        array = bytes;
        showHere(RecordLayout.HEADER_LENGTH, format, incarnation, sequence, time, payloadLength);
    }

    /**
     * As {@link #wrapBody}, where the last record was one of the same memory and incarnation.
     *
     * @return false, and nothing is done, if it was another
     */
    public boolean wrapNext(byte[] bytes, int format, long sequence, long time, int payloadLength) {
        if (array != bytes) {
            return false;
        }
        hereFormat = format;
        hereSequence = sequence;
        timestamp = time;
        length = payloadLength;
        return true;
    }

    /**
     * Shows a record without parameters whose header is written nowhere: its payload stands at {@code payloadOffset}.
     *
     * @param region read-only, little-endian
     */
    public MessageView wrapPayload(
            ByteBuffer region,
            int payloadOffset,
            int format,
            int incarnation,
            long sequence,
            long time,
            int payloadLength) {
        if (buffer != region) { // as above
            buffer = region;
        }
        if (array != null) {
            array = null;
        }
        showHere(payloadOffset, format, incarnation, sequence, time, payloadLength);
        return this;
    }

    private void showHere(int at, int format, int incarnation, long sequence, long time, int payloadLength) {
        isHeaderHere = true;
        hereFormat = format;
        hereIncarnation = incarnation;
        hereSequence = sequence;
        timestamp = time;
        bodyOffset = at;
        parametersLength = 0;
        offset = at;
        length = payloadLength;
    }

    private void forgetHeaderHere() {
        if (isHeaderHere) {
            isHeaderHere = false;
            array = null;
        }
    }

    /** Where the record's header stands, once that is asked for. */
    private ByteBuffer header() {
        if (isHeaderHere) {
            ByteBuffer own = ownHeader();
            RecordLayout.putHeader(own, 0, (byte) 0, hereFormat, hereIncarnation);
            own.putLong(RecordLayout.SEQUENCE_OFFSET, hereSequence);
            own.putLong(RecordLayout.TIMESTAMP_OFFSET, timestamp);
            RecordLayout.putLengths(own, 0, parametersLength, length);
            header = own.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
            headerOffset = 0;
            forgetHeaderHere();
        }
        return header;
    }

    private ByteBuffer ownHeader() {
        ByteBuffer own = ownHeader;
        if (own == null) {
            own = ByteBuffer.allocate(RecordLayout.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            ownHeader = own;
        }
        return own;
    }

    /** From now on every access throws, until the next {@link #wrap}. */
    public void invalidate() {
        forgetHeaderHere();
        header = NOTHING;
        buffer = NOTHING;
        length = -1;
    }

    @Override
    public ByteBuffer buffer() {
        checkValid();
        return buffer;
    }

    @Override
    public int offset() {
        checkValid();
        return offset;
    }

    @Override
    public int length() {
        checkValid();
        return length;
    }

    @Override
    public byte getByte(int index) {
        int at = within(index, Byte.BYTES);
        byte[] bytes = array;
        return bytes == null ? buffer.get(at) : bytes[at];
    }

    @Override
    public short getShort(int index) {
        int at = within(index, Short.BYTES);
        byte[] bytes = array;
        return bytes == null ? buffer.getShort(at) : HeapBytes.getShort(bytes, at);
    }

    @Override
    public int getInt(int index) {
        int at = within(index, Integer.BYTES);
        byte[] bytes = array;
        return bytes == null ? buffer.getInt(at) : HeapBytes.getInt(bytes, at);
    }

    @Override
    public long getLong(int index) {
        int at = within(index, Long.BYTES);
        byte[] bytes = array;
        return bytes == null ? buffer.getLong(at) : HeapBytes.getLong(bytes, at);
    }

    @Override
    public float getFloat(int index) {
        int at = within(index, Float.BYTES);
        byte[] bytes = array;
        return bytes == null ? buffer.getFloat(at) : HeapBytes.getFloat(bytes, at);
    }

    @Override
    public double getDouble(int index) {
        int at = within(index, Double.BYTES);
        byte[] bytes = array;
        return bytes == null ? buffer.getDouble(at) : HeapBytes.getDouble(bytes, at);
    }

    @Override
    public void getBytes(int index, byte[] target, int targetOffset, int count) {
        buffer.get(at(index, count), target, targetOffset, count);
    }

    @Override
    public String getText(int index, int count) {
        int begin = at(index, count); // before anything is allocated for a wrong count
        byte[] bytes = new byte[count];
        buffer.get(begin, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public PayloadFormat format() {
        return PayloadFormat.ofCode(formatCode());
    }

    @Override
    public int formatCode() {
        checkValid();
        return isHeaderHere ? hereFormat : header.getShort(headerOffset + RecordLayout.FORMAT_OFFSET) & 0xFFFF;
    }

    @Override
    public int incarnation() {
        checkValid();
        return isHeaderHere ? hereIncarnation : header.getInt(headerOffset + RecordLayout.INCARNATION_OFFSET);
    }

    @Override
    public long sequence() {
        checkValid();
        return isHeaderHere ? hereSequence : header.getLong(headerOffset + RecordLayout.SEQUENCE_OFFSET);
    }

    @Override
    public long timestamp() {
        checkValid();
        return timestamp;
    }

    @Override
    public Instant time() {
        long epochNs = HybridClock.epochNanos(timestamp());
        return Instant.ofEpochSecond(epochNs / 1_000_000_000L, epochNs % 1_000_000_000L);
    }

    @Override
    public Parameters parameters() {
        checkValid();
        return parametersLength == 0 ? Parameters.EMPTY : ParameterCodec.decode(buffer, bodyOffset, parametersLength);
    }

    @Override
    public boolean hasParameters() {
        checkValid();
        return parametersLength != 0;
    }

    /** The bytes of the record with its body in it, also where that came by reference. */
    public int recordLength() {
        checkValid();
        return RecordLayout.HEADER_LENGTH + RecordLayout.bodyLength(parametersLength, length);
    }

    /** Whether the record stands in {@link #record()} as one piece. */
    public boolean isRecordWhole() {
        checkValid();
        return !isHeaderHere && buffer == header && !RecordLayout.isReference(header, headerOffset);
    }

    /** The memory in which the record begins at {@link #recordOffset()}: read-only. */
    public ByteBuffer record() {
        checkValid();
        return header();
    }

    /** Where in {@link #record()} it begins. */
    public int recordOffset() {
        checkValid();
        header();
        return headerOffset;
    }

    /** Copies bytes of the record as it is with its body in it: {@code count} of them from its byte {@code from} on. */
    public void copyRecord(int from, int count, ByteBuffer target, int targetOffset) {
        Objects.checkFromIndexSize(from, count, recordLength());
        ByteBuffer head = header();
        int ofHeader = Math.max(0, Math.min(count, RecordLayout.HEADER_LENGTH - from));
        if (ofHeader > 0) {
            target.put(targetOffset, head, headerOffset + from, ofHeader);
            int flags = RecordLayout.FLAGS_OFFSET - from;
            if (flags >= 0 && flags < ofHeader) {
                target.put(
                        targetOffset + flags, (byte) (target.get(targetOffset + flags) & ~RecordLayout.FLAG_REFERENCE));
            }
        }
        int ofBody = count - ofHeader;
        if (ofBody > 0) {
            int bodyFrom = from + ofHeader - RecordLayout.HEADER_LENGTH;
            target.put(targetOffset + ofHeader, buffer, bodyOffset + bodyFrom, ofBody);
        }
    }

    @Override
    public RetainedMessage retain() {
        checkValid();
        return retainer == null ? copyToHeap() : retainer.retain(this);
    }

    /** Allocates: the message in memory of its own, for as long as anybody has it. */
    public RetainedMessage copyToHeap() {
        ByteBuffer body = ByteBuffer.allocate(bodyLength());
        copyBody(body);
        return new HeapCopy(copyOfHeader(), body.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Allocates: the record's header in memory of its own, read-only. */
    public ByteBuffer copyOfHeader() {
        checkValid();
        ByteBuffer copy = ByteBuffer.allocate(RecordLayout.HEADER_LENGTH);
        copy.put(0, header(), headerOffset, RecordLayout.HEADER_LENGTH);
        return copy.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whom it was given to retain messages; null if nobody. */
    public @Nullable Retainer retainer() {
        return retainer;
    }

    /** The bytes of the parameter block. */
    public int parametersLength() {
        checkValid();
        return parametersLength;
    }

    /** The bytes of parameters and payload. */
    public int bodyLength() {
        checkValid();
        return offset - bodyOffset + length;
    }

    /** Copies parameters and payload to index 0 of {@code target}. */
    public void copyBody(ByteBuffer target) {
        target.put(0, buffer, bodyOffset, bodyLength());
    }

    /** The index in the buffer of a number's first byte: one comparison for all that could be wrong. */
    private int within(int index, int bytes) {
        return index >= 0 && index <= length - bytes ? offset + index : at(index, bytes);
    }

    private int at(int index, int count) {
        if (length < 0) {
            throw outlived();
        }
        return offset + Objects.checkFromIndexSize(index, count, length);
    }

    private void checkValid() {
        if (length < 0) {
            throw outlived();
        }
    }

    private static IllegalStateException outlived() {
        return new IllegalStateException(
                "this message is no longer valid: it was used after its callback returned, or after the next poll");
    }

    @Override
    public String toString() {
        return length < 0
                ? "message, no longer valid"
                : "message " + sequence() + " of " + length + " bytes, " + written();
    }

    private String written() {
        return formatCode() < 0x100 ? format().toString() : "codec " + formatCode();
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends MessageView {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        public Padded(Retainer retainer) {
            super(retainer);
        }
    }
}
