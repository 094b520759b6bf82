package io.millrace.local.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.codec.Codec;
import io.millrace.codec.CodecException;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON in UTF-8, of the format that all JSON has: what a codec of one type has written a codec of another reads, as far as Jackson finds the one in
 * the other. For what crosses languages; between nodes of one application a record is smaller, quicker, and cannot be mistaken.
 *
 * <p>Writing and reading allocate. Reading is limited in bytes and depth, refuses what follows the value, and takes no type from the data unless the mapper
 * says so. JSON's null is no value.
 *
 * @param <T> the type of the values
 */
public final class JsonCodec<T> extends Codec<T> {
    private final JavaType type;
    private final JsonLimits limits;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final Encoded encoded = new Encoded();

    private JsonCodec(ObjectMapper mapper, JavaType type, JsonLimits limits) {
        super(PayloadFormat.JSON, "JSON of " + type.toCanonical());
        this.type = type;
        this.limits = limits;
        ObjectMapper limited = mapper.copy();
        limit(limited.getFactory(), limits);
        reader = limited.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        writer = limited.writerFor(type);
    }

    /** By Jackson's rules as they come: an unknown property, for one, is refused. */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return of(type, JsonLimits.DEFAULT);
    }

    /** As {@link #of(Class)}, with other limits. */
    public static <T> JsonCodec<T> of(Class<T> type, JsonLimits limits) {
        return of(JsonMapper.builder().build(), type, limits);
    }

    /**
     * By the rules of this mapper, of which it keeps a copy.
     *
     * @param limits take the place of those that the mapper has
     */
    public static <T> JsonCodec<T> of(ObjectMapper mapper, Class<T> type, JsonLimits limits) {
        return new JsonCodec<>(mapper, mapper.constructType(type), limits);
    }

    private static void limit(JsonFactory factory, JsonLimits limits) {
        factory.setStreamReadConstraints(StreamReadConstraints.builder()
                .maxDocumentLength(limits.maxBytes())
                .maxStringLength(limits.maxBytes())
                .maxNestingDepth(limits.maxDepth())
                .build());
        factory.setStreamWriteConstraints(StreamWriteConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .build());
    }

    /** Writes the value to find out: who wants to send it should call {@link #send}, which writes it once. */
    @Override
    public int length(T value) {
        return encode(value).length;
    }

    @Override
    protected void put(T value, Claim claim) {
        encoded.put(encode(value), claim);
    }

    @Override
    public SendResult send(Output output, T value, Parameters parameters) {
        return encoded.send(output, encode(value), parameters);
    }

    @Override
    public SendResult offer(Output output, T value, Parameters parameters) {
        return encoded.offer(output, encode(value), parameters);
    }

    @Override
    protected T get(Message message) {
        if (message.length() > limits.maxBytes()) {
            throw malformed(
                    message,
                    limits.maxBytes(),
                    "expected the end: the limit is " + limits.maxBytes() + " bytes, found " + message.length());
        }
        @Nullable T value = parse(message);
        if (value == null) {
            throw malformed(message, 0, "expected a value, found null");
        }
        return value;
    }

    private @Nullable T parse(Message message) {
        try {
            return reader.readValue(new MessageInput(message));
        } catch (JsonProcessingException e) {
            throw refusal(message, e);
        } catch (IOException e) {
            throw new CodecException("message " + message.sequence() + " cannot be read as " + name(), e);
        }
    }

    private CodecException refusal(Message message, JsonProcessingException e) {
        @Nullable JsonLocation location = e.getLocation();
        int at = location == null ? 0 : (int) Math.max(0, location.getByteOffset());
        CodecException refusal = malformed(message, at, e.getOriginalMessage());
        refusal.initCause(e);
        return refusal;
    }

    private byte[] encode(T value) {
        byte[] bytes;
        try {
            bytes = writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a " + type.toCanonical() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
        if (bytes.length > limits.maxBytes()) {
            throw new IllegalArgumentException("a " + type.toCanonical() + " of " + bytes.length
                    + " bytes of JSON is beyond the limit of " + limits.maxBytes());
        }
        return bytes;
    }

    /** JSON that is written already. */
    private static final class Encoded extends Codec<byte[]> {
        Encoded() {
            super(PayloadFormat.JSON, "JSON");
        }

        @Override
        public int length(byte[] json) {
            return json.length;
        }

        @Override
        protected void put(byte[] json, Claim claim) {
            claim.putBytes(0, json, 0, json.length);
        }

        @Override
        protected byte[] get(Message message) {
            return message.toByteArray();
        }
    }
}
