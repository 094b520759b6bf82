package io.millrace.testkit;

import io.millrace.layout.MessageView;
import io.millrace.layout.ParameterCodec;
import io.millrace.layout.RecordLayout;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** A copy of a message that the code under test has sent: does not expire. Any thread. */
public final class SentMessage {
    private final String output;
    private final ByteBuffer record;

    /** @param record read-only, little-endian, nobody else's */
    SentMessage(String output, ByteBuffer record) {
        this.output = output;
        this.record = record;
    }

    /**
     * A copy of a message that is valid now.
     *
     * @param output says where it was sent
     */
    public static SentMessage copyOf(String output, Message message) {
        byte[] block = ParameterCodec.encode(message.parameters());
        ByteBuffer record = Records.allocate(block, message.length());
        byte[] payload = message.toByteArray();
        record.put(RecordLayout.HEADER_LENGTH + RecordLayout.align8(block.length), payload);
        Records.stamp(record, message.formatCode(), message.incarnation(), message.sequence(), message.timestamp());
        return new SentMessage(output, Records.readOnly(record));
    }

    /** The output that it was sent on: its id, or with its node's where there are several. */
    public String output() {
        return output;
    }

    /** As a receiver would see it, but valid for ever. Allocates. */
    public Message message() {
        return new MessageView().wrap(record, 0, null);
    }

    /** What a receiver would read from it: {@code sent.read(Position::read)}. */
    public <T> T read(Function<? super Message, ? extends T> reader) {
        return reader.apply(message());
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return message().toByteArray();
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return message().text();
    }

    public int length() {
        return message().length();
    }

    public PayloadFormat format() {
        return message().format();
    }

    public Parameters parameters() {
        return message().parameters();
    }

    /** From 0 in each incarnation. */
    public long sequence() {
        return message().sequence();
    }

    /** As {@link Message#timestamp()}. */
    public long timestamp() {
        return message().timestamp();
    }

    ByteBuffer record() {
        return record;
    }

    @Override
    public String toString() {
        return output + ": " + message();
    }
}
