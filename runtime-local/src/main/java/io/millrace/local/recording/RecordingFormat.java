package io.millrace.local.recording;

/**
 * The documents of a recording, each one document of the queue; little-endian.
 *
 * <pre>
 *  0        1        2                 4                                 8
 *  +--------+--------+-----------------+---------------------------------+
 *  | kind   | 0      | output's number | messages missing before this one|
 *  +--------+--------+-----------------+---------------------------------+
 *  | time at which it was recorded: nanoseconds since 1970               |
 *  +---------------------------------------------------------------------+
 * 16
 *   HEADER   magic (8), version (4), 0 (4), facts: see RecordingHeader      the first document, and no other
 *   MESSAGE  the message's record: see RecordLayout; behind it, at a multiple of 8, more of the kind, each with a prefix
 *   BEGIN    length of the record (8), its first bytes                      of a record too long for one document
 *   PART     more of its bytes                                              follow at once, until it is whole
 *   END      for each output: messages recorded (8), messages missing (8)   the last document, where all went well
 * </pre>
 *
 * An output's number is its place in the header's list. The first four bytes of a message's prefix are written last. So in a document that its writer has not
 * ended, because it was killed, messages are whole up to the first whose kind is 0.
 *
 * <p>Version 1 had one message in a document, and wrote them in no order: one that was not ended holds nothing.
 */
final class RecordingFormat {
    static final long MAGIC = 0x4543_4152_4C4C_494DL; // "MILLRACE"
    static final int VERSION = 2;

    /** The oldest that is read. */
    static final int FIRST_VERSION = 1;

    /** From this on, what is whole in a document counts even if that was not ended. */
    static final int VERSION_OF_SHARED = 2;

    static final byte HEADER = 1;
    static final byte MESSAGE = 2;
    static final byte BEGIN = 3;
    static final byte PART = 4;
    static final byte END = 5;

    static final int KIND_OFFSET = 0;
    static final int OUTPUT_OFFSET = 2;
    static final int MISSING_OFFSET = 4;
    static final int TIME_OFFSET = 8;
    static final int PREFIX_LENGTH = 16;

    static final int VERSION_OFFSET = PREFIX_LENGTH + 8;
    static final int FACTS_OFFSET = PREFIX_LENGTH + 16;
    static final int BEGIN_LENGTH = PREFIX_LENGTH + 8;

    /** The bytes of a record that one document holds at the most. A queue takes documents of a quarter of its blocks, which are 64 MiB. */
    static final int MAX_PART_BYTES = 4 << 20;

    /** Messages share a document up to that length. Longer ones would make nothing cheaper. */
    static final int MAX_SHARED_BYTES = 64 << 10;

    /** Longer than any document that is written. */
    static final int MAX_DOCUMENT_BYTES = 8 << 20;

    /** The longest message that stands in one document. */
    static final int MAX_UNFINISHED_BYTES = PREFIX_LENGTH + MAX_PART_BYTES;

    static final int MAX_OUTPUTS = 1 << 16;

    private RecordingFormat() {}
}
