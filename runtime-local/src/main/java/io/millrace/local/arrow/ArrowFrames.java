package io.millrace.local.arrow;

import io.millrace.codec.CodecException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a stream of one batch, found in a payload and checked before Arrow sees them: Arrow itself believes the lengths and offsets that it reads,
 * and takes as much memory as they say.
 *
 * <pre>
 *   +----------+--------+--------------------+  +----------+--------+-------------------+------+  +----------+---+
 *   |0xffffffff| length | schema, flatbuffer |  |0xffffffff| length | batch, flatbuffer | body |  |0xffffffff| 0 |
 *   +----------+--------+--------------------+  +----------+--------+-------------------+------+  +----------+---+
 * </pre>
 */
final class ArrowFrames {
    /** Of the description of a schema or batch: far more than thousands of columns take. */
    static final int MAX_METADATA_BYTES = 1 << 20;

    private static final int CONTINUATION = -1;
    private static final int PREFIX_BYTES = 8;

    private final io.millrace.node.Message payload;
    private final Refusal refusal;
    private final Message schema;
    private final Message batch;
    private final int batchAt;
    private final int bodyAt;
    private int position;

    /** Makes an exception: where in the payload, and what is wrong there. */
    interface Refusal {
        CodecException make(io.millrace.node.Message payload, int at, String what);
    }

    private ArrowFrames(io.millrace.node.Message payload, Refusal refusal) {
        this.payload = payload;
        this.refusal = refusal;
        schema = next("a schema", MessageHeader.Schema);
        int schemaAt = position;
        checkSchema(schema, schemaAt);
        skipBody(schema);
        batchAt = position;
        batch = next("a record batch", MessageHeader.RecordBatch);
        bodyAt = position;
        checkBatch();
        skipBody(batch);
        checkEnd();
    }

    /** @throws CodecException saying where the payload is not such a stream */
    static ArrowFrames of(io.millrace.node.Message payload, Refusal refusal) {
        return new ArrowFrames(payload, refusal);
    }

    Message schema() {
        return schema;
    }

    Message batch() {
        return batch;
    }

    /** Where in the payload the frame of the batch begins. */
    int batchAt() {
        return batchAt;
    }

    /** Where in the payload the columns begin. */
    int bodyAt() {
        return bodyAt;
    }

    int bodyLength() {
        return (int) batch.bodyLength();
    }

    private Message next(String what, byte header) {
        int begin = position;
        @Nullable Message message = next(what);
        if (message == null) {
            throw refused(begin, "expected " + what + ", found the end of the stream");
        }
        checkHeader(message, what, header, begin);
        return message;
    }

    private void checkHeader(Message message, String what, byte header, int at) {
        byte found = look(at, message::headerType);
        if (found == MessageHeader.DictionaryBatch) {
            throw refused(at, "dictionaries are not supported: send decoded columns");
        }
        if (found != header) {
            throw refused(at, "expected " + what + ", found a message of type " + found);
        }
        long bodyLength = look(at, message::bodyLength);
        int left = payload.length() - position;
        if (bodyLength < 0 || bodyLength > left) {
            throw refused(at, "expected a body of " + left + " bytes or less, found " + bodyLength);
        }
    }

    /** The description in the next frame; null for the end of the stream. */
    private @Nullable Message next(String what) {
        int left = payload.length() - position;
        if (left < PREFIX_BYTES) {
            throw refused(position, "expected " + what + ", found the last " + left + " bytes");
        }
        int token = payload.getInt(position);
        if (token != CONTINUATION) {
            throw refused(position, "expected 0xffffffff, which begins a frame, found 0x" + Integer.toHexString(token));
        }
        int length = payload.getInt(position + Integer.BYTES);
        int most = Math.min(left - PREFIX_BYTES, MAX_METADATA_BYTES);
        if (length < 0 || length > most) {
            throw refused(
                    position + Integer.BYTES,
                    "expected the length of a description, within 0 to " + most + ", found " + length);
        }
        int begin = position + PREFIX_BYTES;
        position = begin + length;
        return length == 0 ? null : description(begin, length);
    }

    private Message description(int begin, int length) {
        byte[] bytes = new byte[length];
        payload.getBytes(begin, bytes, 0, length);
        return look(begin, () -> Message.getRootAsMessage(ByteBuffer.wrap(bytes)));
    }

    private void checkSchema(Message message, int at) {
        refuseIfPresent(at, look(at, () -> {
            return Optional.ofNullable(new SchemaCheck().problem((Schema) message.header(new Schema())));
        }));
    }

    private void checkBatch() {
        refuseIfPresent(batchAt, look(batchAt, () -> {
            return Optional.ofNullable(problem((RecordBatch) batch.header(new RecordBatch())));
        }));
    }

    private void refuseIfPresent(int at, Optional<String> problem) {
        if (problem.isPresent()) {
            throw refused(at, problem.get());
        }
    }

    /** What is read from a flatbuffer leads anywhere if that is damaged, and the readers say so by exceptions of many kinds. */
    private <T> T look(int at, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException | AssertionError e) {
            CodecException damaged = refused(at, "the description is damaged: " + e);
            damaged.initCause(e);
            throw damaged;
        }
    }

    private @Nullable String problem(RecordBatch found) {
        if (found.compression() != null) {
            return "compressed columns are not supported: send them as they are";
        }
        if (isOutside(found.length())) {
            return "expected a number of rows, found " + found.length();
        }
        for (int i = 0; i < found.nodesLength(); i++) {
            FieldNode node = found.nodes(i);
            if (isOutside(node.length()) || node.nullCount() < 0 || node.nullCount() > node.length()) {
                return "expected a column, found one of " + node.length() + " values and " + node.nullCount()
                        + " nulls";
            }
        }
        for (int i = 0; i < found.buffersLength(); i++) {
            Buffer buffer = found.buffers(i);
            if (buffer.offset() < 0 || buffer.length() < 0 || buffer.offset() > bodyLength() - buffer.length()) {
                return "expected a buffer within a body of " + bodyLength() + " bytes, found one of " + buffer.length()
                        + " at " + buffer.offset();
            }
        }
        for (int i = 0; i < found.variadicBufferCountsLength(); i++) {
            long count = found.variadicBufferCounts(i);
            if (count < 0 || count > found.buffersLength()) {
                return "expected a column of " + found.buffersLength() + " buffers or less, found " + count;
            }
        }
        return null;
    }

    private static boolean isOutside(long count) {
        return count < 0 || count > Integer.MAX_VALUE;
    }

    private void skipBody(Message message) {
        position += (int) message.bodyLength();
    }

    /** The mark of the end may be missing, where a sender just stops. */
    private void checkEnd() {
        int begin = position;
        if (begin < payload.length() && (next("the end of the stream") != null || position < payload.length())) {
            throw refused(begin, "expected the end of the stream, found " + (payload.length() - begin) + " bytes more");
        }
    }

    private CodecException refused(int at, String what) {
        return refusal.make(payload, at, what);
    }
}
