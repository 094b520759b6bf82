package io.millrace.local.arrow;

import io.millrace.codec.Codec;
import io.millrace.codec.CodecException;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.PayloadFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;

/**
 * A record batch with its schema, as an Arrow IPC stream: the schema, one batch, the end. So nodes of dora exchange data, there with a single column named
 * {@code data}.
 *
 * <p>Writing copies the columns once, into the claim. Reading copies them once, into memory of the allocator: what was read belongs to the caller, who closes
 * it, and outlives the message. Both allocate.
 *
 * <p>What comes in a message is checked before and after it is read: lengths against the payload, offsets against their columns, the number of fields and
 * the memory that they take. Plain bytes are read as well: programs of dora know nothing else than columns, and what comes from them as one of unsigned bytes travels as
 * bytes. Refused by name are dictionaries, compressed columns, columns of maps, unions, views
 * and run-length encoding, big-endian data and the framing from before Arrow 0.15.
 */
public final class ArrowCodec extends Codec<VectorSchemaRoot> {
    private static final long SMALLEST_LIMIT = 1 << 20;

    private final BufferAllocator allocator;

    private ArrowCodec(BufferAllocator allocator) {
        super(PayloadFormat.ARROW_IPC, "an Arrow IPC stream of one record batch");
        this.allocator = allocator;
    }

    /** @param allocator gives the memory for what is read; stays the caller's to close, after all of that */
    public static ArrowCodec of(BufferAllocator allocator) {
        return new ArrowCodec(allocator);
    }

    /** Lays the batch out to find out, without copying the columns. */
    @Override
    public int length(VectorSchemaRoot value) {
        value.getSchema().getFields().forEach(ArrowCodec::checkHasNoDictionary);
        CountingChannel counter = new CountingChannel();
        write(value, counter);
        if (counter.count() > Output.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("a record batch of " + counter.count()
                    + " bytes is longer than a payload may be, " + Output.MAX_PAYLOAD_BYTES);
        }
        return (int) counter.count();
    }

    @Override
    protected void put(VectorSchemaRoot value, Claim claim) {
        write(value, new ClaimChannel(claim));
    }

    private static void write(VectorSchemaRoot value, WritableByteChannel channel) {
        try (ArrowStreamWriter writer = new ArrowStreamWriter(value, null, channel)) {
            writer.start();
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkHasNoDictionary(Field field) {
        if (field.getDictionary() != null) {
            throw new IllegalArgumentException(
                    "column '" + field.getName() + "' is encoded by a dictionary: decode it before it is sent");
        }
        field.getChildren().forEach(ArrowCodec::checkHasNoDictionary);
    }

    /**
     * As every codec does; and plain bytes ({@link PayloadFormat#BYTES}), and a message without data, as one column {@code data} of unsigned bytes. The caller closes what was read.
     *
     * @throws CodecException if another codec has written it, its bytes are damaged, or the allocator's limit is reached
     */
    @Override
    public VectorSchemaRoot read(Message message) {
        boolean isWithoutData = message.formatCode() == PayloadFormat.ARROW_IPC.code() && message.length() == 0;
        return isWithoutData || message.formatCode() == PayloadFormat.BYTES.code()
                ? plainBytes(message)
                : super.read(message);
    }

    private VectorSchemaRoot plainBytes(Message message) {
        UInt1Vector data = new UInt1Vector("data", allocator);
        try {
            int length = message.length();
            data.allocateNew(length);
            data.getValidityBuffer().setOne(0L, (length + 7L) / 8);
            data.getDataBuffer().setBytes(0, message.buffer(), message.offset(), length);
            data.setValueCount(length);
            return new VectorSchemaRoot(List.of(data));
        } catch (OutOfMemoryException e) {
            data.close();
            CodecException refusal = malformed(message, 0, "the bytes cannot be read: " + e);
            refusal.initCause(e);
            throw refusal;
        }
    }

    /**
     * Reads a batch into memory of the allocator. The caller closes it.
     *
     * @throws CodecException if the payload is no such stream, or the allocator's limit is reached
     */
    @Override
    protected VectorSchemaRoot get(Message message) {
        ArrowFrames frames = ArrowFrames.of(message, this::malformed);
        long limit = Math.max(SMALLEST_LIMIT, 4L * message.length());
        try (BufferAllocator within = allocator.newChildAllocator("message", 0, limit)) {
            return read(frames, message, within);
        }
    }

    // Whatever Arrow throws over damaged bytes, assertions included, is said with the place; nothing of what it took
    // stays behind.
    private VectorSchemaRoot read(ArrowFrames frames, Message message, BufferAllocator within) {
        try (VectorSchemaRoot read = VectorSchemaRoot.create(schema(frames), within)) {
            load(frames, message, within, read);
            ColumnCheck.check(read);
            return transfer(read);
        } catch (RuntimeException | AssertionError e) {
            CodecException refusal = malformed(message, frames.batchAt(), "the batch cannot be read: " + e);
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static Schema schema(ArrowFrames frames) {
        return MessageSerializer.deserializeSchema(frames.schema());
    }

    private static void load(ArrowFrames frames, Message message, BufferAllocator within, VectorSchemaRoot target) {
        ArrowBuf body = within.buffer(frames.bodyLength());
        body.setBytes(0, message.buffer(), message.offset() + frames.bodyAt(), frames.bodyLength());
        body.writerIndex(frames.bodyLength());
        try (ArrowRecordBatch batch = batch(frames, body)) {
            new VectorLoader(target).load(batch);
        }
    }

    /** Takes the body over, also where it fails. */
    private static ArrowRecordBatch batch(ArrowFrames frames, ArrowBuf body) {
        try {
            return MessageSerializer.deserializeRecordBatch(frames.batch(), body);
        } catch (IOException e) {
            body.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            body.close();
            throw e;
        }
    }

    /** Out of the reading's own allocator, into that of the codec. */
    private VectorSchemaRoot transfer(VectorSchemaRoot read) {
        List<FieldVector> kept = new ArrayList<>();
        for (FieldVector vector : read.getFieldVectors()) {
            TransferPair pair = vector.getTransferPair(allocator);
            pair.transfer();
            kept.add((FieldVector) pair.getTo());
        }
        return new VectorSchemaRoot(read.getSchema(), kept, read.getRowCount());
    }
}
