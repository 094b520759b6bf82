package io.millrace.local.nativecode;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** Messages as the columns that dora's operators know, and back, by the rules that hold for programs as well. */
final class PayloadColumns {
    /** The one parameter that dora's C interface carries. */
    private static final String CONTEXT = "open_telemetry_context";

    private PayloadColumns() {}

    /** A view on the message's payload, valid as long as the message. */
    static ArrowColumn of(Message message) {
        int length = message.length();
        if (length == 0) {
            return new ArrowColumn("data", true, ArrowFormat.NULL, 0, 0, List.of(), List.of());
        }
        ByteBuffer payload = message.buffer()
                .duplicate()
                .clear()
                .slice(message.offset(), length)
                .order(ByteOrder.LITTLE_ENDIAN);
        return switch (message.format()) {
            case BYTES ->
                new ArrowColumn(
                        "data",
                        true,
                        ArrowFormat.UINT8,
                        length,
                        0,
                        List.of(Optional.empty(), Optional.of(payload)),
                        List.of());
            case UTF8, JSON -> text(payload);
            case ARROW_IPC -> StreamReader.read(payload);
        };
    }

    private static ArrowColumn text(ByteBuffer payload) {
        ByteBuffer offsets =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(4, payload.limit());
        ArrowColumn column = new ArrowColumn(
                "data",
                true,
                ArrowFormat.UTF8,
                1,
                0,
                List.of(Optional.empty(), Optional.of(offsets), Optional.of(payload)),
                List.of());
        ColumnCheck.check(column);
        return column;
    }

    static String context(Message message) {
        return message.hasParameters() && message.parameters().value(CONTEXT).orElse("") instanceof String context
                ? context
                : "";
    }

    /** Plain bytes as bytes, nothing as nothing, and any other array as a stream. */
    static void send(ArrowColumn column, String context, Output output) {
        Parameters parameters = context.isEmpty() ? Parameters.EMPTY : Parameters.of(CONTEXT, context);
        if (column.format().equals(ArrowFormat.NULL) && column.length() == 0) {
            output.claim(0, parameters).format(PayloadFormat.ARROW_IPC).commit();
        } else if (column.isPlainBytes()) {
            Claim claim = output.claim(column.length(), parameters);
            claim.putBytes(0, column.buffer(1));
            claim.format(PayloadFormat.BYTES).commit();
        } else {
            StreamWriter stream = new StreamWriter(column);
            if (stream.lengthBytes() > Output.MAX_PAYLOAD_BYTES) {
                throw new IllegalArgumentException("an array of " + stream.lengthBytes()
                        + " bytes is sent on output '" + output.name() + "', which takes at most "
                        + Output.MAX_PAYLOAD_BYTES);
            }
            Claim claim = output.claim((int) stream.lengthBytes(), parameters);
            stream.write(claim);
            claim.format(PayloadFormat.ARROW_IPC).commit();
        }
    }
}
