package io.millrace.remote.link;

import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.node.Output;
import java.nio.ByteBuffer;

/**
 * The bytes of a link's frames, little-endian.
 *
 * <pre>
 *   0                                 4        5        6                 8
 *   +---------------------------------+--------+--------+-----------------+
 *   | length, with these 8 bytes      | type   | version| 0               |
 *   +---------------------------------+--------+--------+-----------------+
 *
 *   of a connection, not part of the stream (see {@link SendStream}):
 *   RESUME     8 connection i64, 16 connection that was lost i64, 24 own stream i64, 32 the peer's stream as known i64, 40 received of it i64
 *   START      8 position i64: the stream goes on here
 *   ACK        8 position i64: all before it has arrived
 *   HEARTBEAT  8 position i64, as in ACK
 *
 *   from the producer's end, by channels that it numbers:
 *   OPEN       8 channel i32, 12 length of job u16, 14 length of edge u16, 16 producer epoch i64, 24 consumer epoch i64, 32 job, edge (UTF-8)
 *   DATA       8 channel i32, 12 sequence of the first (lower 32 bits), 16 records, one behind the other, each as long as its header says
 *   BEGIN      8 channel i32, 12 sequence (lower 32 bits), 16 header of a record by reference, whose body follows in fragments
 *   FRAGMENT   8 channel i32, 12 offset in the body i32, 16 bytes
 *   NOTICE     8 channel i32, 12 kind u16, 14 number of texts u16, 16 texts: each length u16, UTF-8
 *   CLOSE      8 channel i32, 12 ending u16, 14 length u16, 16 reason (UTF-8); the last frame of its channel
 *
 *   from the consumer's end, on the same channels:
 *   ACCEPT     8 channel i32, 12 flags i32 (1: backpressure), 16 messages granted i64, 24 bytes of bodies granted i64, both counted from the session's begin
 *   CREDIT     as ACCEPT, flags 0
 *   CANCEL     as CLOSE: the consumer wants no more, or refuses the session; CLOSE answers it
 *   CLOSED     8 channel i32, 12 i32 0: answers CLOSE; the number may be used again
 * </pre>
 *
 * Lengths have limits of their own for each type. Records are those of {@link RecordLayout}, byte for byte.
 */
final class Frames {
    static final int VERSION = 2;
    static final int HEADER_LENGTH = 8;
    static final int TYPE_OFFSET = 4;
    static final int CHANNEL_OFFSET = 8;
    static final int SEQUENCE_OFFSET = 12;
    /** Where a record, a fragment's bytes, texts begin. */
    static final int BODY_OFFSET = 16;

    static final int RESUME = 1;
    static final int START = 2;
    static final int ACK = 3;
    static final int HEARTBEAT = 4;
    static final int OPEN = 16;
    static final int ACCEPT = 17;
    static final int CREDIT = 18;
    static final int DATA = 19;
    static final int BEGIN = 20;
    static final int FRAGMENT = 21;
    static final int NOTICE = 22;
    static final int CLOSE = 23;
    static final int CANCEL = 24;
    static final int CLOSED = 25;

    static final int FLAG_BACKPRESSURE = 1;

    static final int RESUME_LENGTH = 48;
    static final int POSITION_LENGTH = 16;
    static final int OPEN_LENGTH = 32;
    static final int GRANT_LENGTH = 32;
    static final int CLOSED_LENGTH = 16;

    static final int MAX_CHANNELS = 1 << 16;
    static final int MAX_JOB_BYTES = 512;
    static final int MAX_EDGE_BYTES = 4096;
    static final int MAX_REASON_BYTES = 1024;
    static final int MAX_TEXT_BYTES = 8 * 1024;
    static final int MAX_NOTICE_LENGTH = 32 * 1024;
    /** A ring's largest inline body, with room to fill up. */
    static final int MAX_RECORD_LENGTH = RecordLayout.HEADER_LENGTH + 4096 + 8;

    /** Of records in one frame: its own cost is nothing then, and a frame that a read has cut is copied once more. Holds the longest record. */
    static final int DATA_BYTES = 8 * 1024;

    static final int FRAGMENT_BYTES = 128 * 1024;
    /** What has to stand in one piece: all but a fragment's bytes. */
    static final int LONGEST_WHOLE = MAX_NOTICE_LENGTH;

    private static final int FIRST_OF_STREAM = OPEN;

    private Frames() {}

    /** Whether frames of this type count in the stream, and are sent again where they were lost. */
    static boolean isOfStream(int type) {
        return type >= FIRST_OF_STREAM;
    }

    private static int least(int type) {
        return switch (type) {
            case RESUME -> RESUME_LENGTH;
            case START, ACK, HEARTBEAT -> POSITION_LENGTH;
            case OPEN -> OPEN_LENGTH;
            case ACCEPT, CREDIT -> GRANT_LENGTH;
            case DATA, BEGIN -> BODY_OFFSET + RecordLayout.HEADER_LENGTH;
            case FRAGMENT -> BODY_OFFSET + 1;
            case NOTICE, CLOSE, CANCEL -> BODY_OFFSET;
            case CLOSED -> CLOSED_LENGTH;
            default -> throw new ProtocolViolation("a frame of the unknown type " + type);
        };
    }

    private static int most(int type) {
        return switch (type) {
            case OPEN -> OPEN_LENGTH + MAX_JOB_BYTES + MAX_EDGE_BYTES;
            case DATA -> BODY_OFFSET + DATA_BYTES;
            case FRAGMENT -> BODY_OFFSET + FRAGMENT_BYTES;
            case NOTICE -> MAX_NOTICE_LENGTH;
            case CLOSE, CANCEL -> BODY_OFFSET + MAX_REASON_BYTES;
            default -> least(type);
        };
    }

    static int type(ByteBuffer in, int at) {
        return in.get(at + TYPE_OFFSET) & 0xFF;
    }

    /** @return the frame's length, which is within the limits of its type */
    static int checkHeader(ByteBuffer in, int at) {
        int length = in.getInt(at);
        int word = in.getInt(at + TYPE_OFFSET);
        int type = word & 0xFF;
        if (word >>> 8 != VERSION) {
            throw new ProtocolViolation(
                    "a frame of version " + (word >>> 8 & 0xFF) + ", expected " + VERSION + " and two zero bytes");
        }
        if (length < least(type) || length > most(type)) {
            throw new ProtocolViolation("a frame of type " + type + " with length " + length + ", expected "
                    + least(type) + " to " + most(type));
        }
        return length;
    }

    static void putHeader(ByteBuffer out, int at, int type, int length) {
        out.putInt(at, length);
        out.putInt(at + TYPE_OFFSET, type | VERSION << 8);
    }

    /** Records that stand whole in a frame and fill it. */
    static void checkRecords(ByteBuffer in, int at, int length) {
        int left = length;
        while (left > 0) {
            left -= checkRecord(in, at + length - left, left);
        }
    }

    private static int checkRecord(ByteBuffer in, int at, int left) {
        if (left < RecordLayout.HEADER_LENGTH) {
            throw new ProtocolViolation("a frame with " + left + " bytes behind its last record");
        }
        long length = RecordLayout.HEADER_LENGTH + checkRecordHeader(in, at, 0);
        if (length > left || length > MAX_RECORD_LENGTH) {
            throw new ProtocolViolation("a record whose header says " + length + " bytes in a frame that has " + left
                    + ", expected at most " + MAX_RECORD_LENGTH);
        }
        return (int) length;
    }

    /** How many messages begin in a frame that is well-formed. */
    static int messages(ByteBuffer in, int at) {
        return switch (type(in, at)) {
            case DATA -> records(in, at + BODY_OFFSET, in.getInt(at) - BODY_OFFSET);
            case BEGIN -> 1;
            default -> 0;
        };
    }

    private static int records(ByteBuffer in, int at, int length) {
        int count = 0;
        int left = length;
        while (left > 0) {
            left -= RecordLayout.recordLength(in, at + length - left);
            count++;
        }
        return count;
    }

    /** The header of a record by reference. */
    static int checkReference(ByteBuffer in, int at) {
        return (int) checkRecordHeader(in, at, RecordLayout.FLAG_REFERENCE);
    }

    /** @return the length of its body */
    private static long checkRecordHeader(ByteBuffer in, int at, int flags) {
        int version = in.get(at + RecordLayout.VERSION_OFFSET);
        int found = in.get(at + RecordLayout.FLAGS_OFFSET);
        int parameters = in.getInt(at + RecordLayout.PARAMETERS_LENGTH_OFFSET);
        int payload = in.getInt(at + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        if (version != RecordLayout.VERSION || found != flags) {
            throw new ProtocolViolation("a record of version " + version + " with flags " + found + ", expected "
                    + RecordLayout.VERSION + " and " + flags);
        }
        if (parameters < 0
                || parameters > ParameterCodec.MAX_BLOCK_BYTES
                || payload < 0
                || payload > Output.MAX_PAYLOAD_BYTES) {
            throw new ProtocolViolation("a record with " + parameters + " bytes of parameters and " + payload
                    + " of payload, expected at most " + ParameterCodec.MAX_BLOCK_BYTES + " and "
                    + Output.MAX_PAYLOAD_BYTES);
        }
        return RecordLayout.bodyLength(parameters, payload);
    }
}
