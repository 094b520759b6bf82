package io.millrace.local.arrow;

import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a schema becomes when it is read. In a flatbuffer many fields may refer to the same bytes, so that a short one can describe any number of fields and
 * any amount of text.
 */
final class SchemaCheck {
    static final int MAX_FIELDS = 10_000;
    static final int MAX_DEPTH = 64;
    static final int MAX_TEXT_BYTES = 1 << 22;

    private int fields;
    private long textBytes;

    /** Null if there is none. */
    @Nullable String problem(Schema schema) {
        if (schema.endianness() != Endianness.Little) {
            return "big-endian columns are not supported";
        }
        for (int i = 0; i < schema.customMetadataLength() && textBytes <= MAX_TEXT_BYTES; i++) {
            count(schema.customMetadata(i));
        }
        for (int i = 0; i < schema.fieldsLength(); i++) {
            @Nullable String problem = problem(schema.fields(i), 1);
            if (problem != null) {
                return problem;
            }
        }
        return textBytes > MAX_TEXT_BYTES ? tooMuchText() : null;
    }

    private @Nullable String problem(Field field, int depth) {
        fields++;
        count(field);
        if (field.dictionary() != null) {
            return "dictionaries are not supported: send decoded columns";
        }
        if (fields > MAX_FIELDS) {
            return "the schema has more than " + MAX_FIELDS + " fields";
        }
        if (depth > MAX_DEPTH) {
            return "the schema has fields within fields, deeper than " + MAX_DEPTH;
        }
        for (int i = 0; i < field.childrenLength() && textBytes <= MAX_TEXT_BYTES; i++) {
            @Nullable String problem = problem(field.children(i), depth + 1);
            if (problem != null) {
                return problem;
            }
        }
        return textBytes > MAX_TEXT_BYTES ? tooMuchText() : null;
    }

    private static String tooMuchText() {
        return "the schema has names and metadata of more than " + MAX_TEXT_BYTES + " bytes";
    }

    private void count(Field field) {
        count(field.nameAsByteBuffer());
        for (int i = 0; i < field.customMetadataLength() && textBytes <= MAX_TEXT_BYTES; i++) {
            count(field.customMetadata(i));
        }
        if (field.typeType() == Type.Timestamp) {
            count(((Timestamp) field.type(new Timestamp())).timezoneAsByteBuffer());
        } else if (field.typeType() == Type.Union) {
            textBytes += (long) Integer.BYTES * ((Union) field.type(new Union())).typeIdsLength();
        }
    }

    private void count(KeyValue entry) {
        count(entry.keyAsByteBuffer());
        count(entry.valueAsByteBuffer());
        textBytes += 2L * Long.BYTES; // also empty ones take something
    }

    private void count(@Nullable ByteBuffer text) {
        textBytes += text == null ? 0 : text.remaining();
    }
}
