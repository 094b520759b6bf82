package io.millrace.layout;

import java.nio.ByteBuffer;

/**
 * The bytes of a record, little-endian, at an offset that is a multiple of 8. Any thread.
 *
 * <pre>
 *   0        1        2                 4                                 8
 *   +--------+--------+-----------------+---------------------------------+
 *   | version| flags  | payload format  | producer incarnation            |
 *   +--------+--------+-----------------+---------------------------------+
 *  8| sequence: per output, from 0 in each incarnation                    |
 *   +---------------------------------------------------------------------+
 * 16| timestamp: hybrid logical clock, NTP64 (see {@link HybridClock})    |
 *   +-----------------------------------+---------------------------------+
 * 24| parameter block's length P        | payload's length L              |
 *   +-----------------------------------+---------------------------------+
 * 32| body: P bytes of parameters, filled up to a multiple of 8,          |
 *   |       L bytes of payload                                            |
 *   +---------------------------------------------------------------------+
 * </pre>
 *
 * Where flag REFERENCE is set, the record ends with its header: its body stands in memory of its own, which the edge carries along.
 */
public final class RecordLayout {
    public static final byte VERSION = 1;

    public static final int VERSION_OFFSET = 0;
    public static final int FLAGS_OFFSET = 1;
    public static final int FORMAT_OFFSET = 2;
    public static final int INCARNATION_OFFSET = 4;
    public static final int SEQUENCE_OFFSET = 8;
    public static final int TIMESTAMP_OFFSET = 16;
    public static final int PARAMETERS_LENGTH_OFFSET = 24;
    public static final int PAYLOAD_LENGTH_OFFSET = 28;
    public static final int HEADER_LENGTH = 32;

    /** The body is not in the record. */
    public static final byte FLAG_REFERENCE = 1;

    private RecordLayout() {}

    /** The bytes of a body. */
    public static int bodyLength(int parametersLength, int payloadLength) {
        return align8(parametersLength) + payloadLength;
    }

    public static int align8(int length) {
        return (length + 7) & ~7;
    }

    /** Writes the header's first word: version, flags, format and incarnation. */
    public static void putHeader(ByteBuffer buffer, int offset, byte flags, int format, int incarnation) {
        buffer.putLong(offset, firstWord(flags, format, incarnation));
    }

    /** What a record begins with. */
    public static long firstWord(byte flags, int format, int incarnation) {
        return (VERSION & 0xFFL) | (flags & 0xFFL) << 8 | (format & 0xFFFFL) << 16 | (long) incarnation << 32;
    }

    /** Of such a first word. */
    public static int incarnation(long firstWord) {
        return (int) (firstWord >>> 32);
    }

    /** Writes the lengths of the parameter block and of the payload. */
    public static void putLengths(ByteBuffer buffer, int offset, int parametersLength, int payloadLength) {
        buffer.putLong(offset + PARAMETERS_LENGTH_OFFSET, lengths(parametersLength, payloadLength));
    }

    /** The last word of a header. */
    public static long lengths(int parametersLength, int payloadLength) {
        return (parametersLength & 0xFFFF_FFFFL) | (long) payloadLength << 32;
    }

    /** The bytes of the record at {@code offset}: its header, and its body where that follows. */
    public static int recordLength(ByteBuffer buffer, int offset) {
        if (isReference(buffer, offset)) {
            return HEADER_LENGTH;
        }
        long lengths = buffer.getLong(offset + PARAMETERS_LENGTH_OFFSET);
        return HEADER_LENGTH + bodyLength((int) lengths, (int) (lengths >>> 32));
    }

    public static boolean isReference(ByteBuffer buffer, int offset) {
        return (buffer.get(offset + FLAGS_OFFSET) & FLAG_REFERENCE) != 0;
    }
}
