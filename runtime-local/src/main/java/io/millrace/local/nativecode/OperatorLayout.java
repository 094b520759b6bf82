package io.millrace.local.nativecode;

/**
 * Where dora's operator interface, as of 1.x and on machines of 64 bits, has what. {@code RawEvent}, {@code SendOutput} and the results are C structs. {@code Input} and {@code
 * Output} are not: dora hands over Rust's own, whose fields stand where Rust's compiler puts them. These places were measured with dora-operator-api 1.1.0 and rustc 1.95,
 * and {@link LayoutCheck} asks each library whether it agrees.
 *
 * <pre>
 *   String     pointer, length, capacity
 *   RawEvent   0 Input*, 8 input closed: String or null, 32 stop: bool, 40 error: String or null
 *   Input      0 whether there is data, 8 ArrowArray, 88 id: String, 112 trace context: String, 136 ArrowSchema
 *   Output     0 id: String, 24 trace context: String, 48 ArrowArray, 128 ArrowSchema
 *   SendOutput 0 what is handed back, 8 call, 16 release, 24 retain
 *   results    0 error: pointer to a String, or null; 8 the operator, or a status of one byte
 * </pre>
 */
final class OperatorLayout {
    static final int STRING_BYTES = 24;
    static final int STRING_LENGTH = 8;
    static final int STRING_CAPACITY = 16;

    static final int EVENT_BYTES = 64;
    static final int EVENT_INPUT = 0;
    static final int EVENT_CLOSED = 8;
    static final int EVENT_STOP = 32;

    static final int INPUT_BYTES = 208;
    static final int INPUT_HAS_DATA = 0;
    static final int INPUT_ARRAY = 8;
    static final int INPUT_ID = 88;
    static final int INPUT_CONTEXT = 112;
    static final int INPUT_SCHEMA = 136;

    static final int OUTPUT_BYTES = 200;
    static final int OUTPUT_ID = 0;
    static final int OUTPUT_CONTEXT = 24;
    static final int OUTPUT_ARRAY = 48;
    static final int OUTPUT_SCHEMA = 128;

    static final int SEND_BYTES = 32;
    static final int RESULT_BYTES = 16;

    // Arrow's C data interface.
    static final int ARRAY_BYTES = 80;
    static final int ARRAY_LENGTH = 0;
    static final int ARRAY_NULLS = 8;
    static final int ARRAY_OFFSET = 16;
    static final int ARRAY_BUFFER_COUNT = 24;
    static final int ARRAY_CHILD_COUNT = 32;
    static final int ARRAY_BUFFERS = 40;
    static final int ARRAY_CHILDREN = 48;
    static final int ARRAY_DICTIONARY = 56;
    static final int ARRAY_RELEASE = 64;
    static final int ARRAY_OWN = 72;

    static final int SCHEMA_BYTES = 72;
    static final int SCHEMA_FORMAT = 0;
    static final int SCHEMA_NAME = 8;
    static final int SCHEMA_FLAGS = 24;
    static final int SCHEMA_CHILD_COUNT = 32;
    static final int SCHEMA_CHILDREN = 40;
    static final int SCHEMA_DICTIONARY = 48;
    static final int SCHEMA_RELEASE = 56;
    static final long NULLABLE = 2;

    private OperatorLayout() {}
}
