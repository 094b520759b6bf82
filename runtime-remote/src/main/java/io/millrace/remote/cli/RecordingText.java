package io.millrace.remote.cli;

import io.millrace.local.recording.RecordedMessage;
import io.millrace.node.Message;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recorded messages as lines, for people and for programs. */
final class RecordingText {
    private static final int MAX_CHARACTERS = 60;
    private static final int MAX_HEX_BYTES = 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private RecordingText() {}

    static String time(Instant time) {
        return TIME.format(time);
    }

    /** Time, output, sequence, length and the begin of the payload; before it a line of what is missing. */
    static String line(RecordedMessage recorded) {
        Message message = recorded.message();
        String output = Printable.line(recorded.output()); // as a file says it
        String line = TIME.format(recorded.receivedAt()) + "  " + output + "  " + message.sequence() + "  "
                + message.length() + " B  " + preview(message) + "\n";
        return recorded.missing() == 0
                ? line
                : "(" + Units.counted(recorded.missing(), "message") + " of " + output + " missing)\n" + line;
    }

    private static String preview(Message message) {
        return isText(message) || looksLikeText(message) ? textPreview(message) : hexPreview(message);
    }

    /** Whether bytes of which nobody has said that they are text could well be: what is shown of them is printable ASCII. */
    private static boolean looksLikeText(Message message) {
        int shown = Math.min(message.length(), MAX_CHARACTERS);
        for (int i = 0; i < shown; i++) {
            byte each = message.getByte(i);
            if (each < ' ' || each > '~') {
                return false;
            }
        }
        return shown > 0;
    }

    private static boolean isText(Message message) {
        return message.format() == PayloadFormat.UTF8 || message.format() == PayloadFormat.JSON;
    }

    private static String textPreview(Message message) {
        int bytes = Math.min(message.length(), 4 * MAX_CHARACTERS + 4);
        String text = Printable.line(message.getText(0, bytes));
        boolean isWhole = bytes == message.length() && text.codePointCount(0, text.length()) <= MAX_CHARACTERS;
        if (isWhole) {
            return text;
        }
        int shown = Math.min(MAX_CHARACTERS, text.codePointCount(0, text.length()));
        return text.substring(0, text.offsetByCodePoints(0, shown)) + "...";
    }

    private static String hexPreview(Message message) {
        byte[] bytes = new byte[Math.min(message.length(), MAX_HEX_BYTES)];
        message.getBytes(0, bytes, 0, bytes.length);
        return HexFormat.ofDelimiter(" ").formatHex(bytes) + (bytes.length < message.length() ? " ..." : "");
    }

    /** One JSON object in one line: the payload as {@code text} where it is one, else as {@code base64}. */
    static String json(RecordedMessage recorded) {
        Message message = recorded.message();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("receivedAt", recorded.receivedAt().toString());
        json.put("sentAt", message.time().toString());
        json.put("timestamp", Long.toUnsignedString(message.timestamp()));
        json.put("output", recorded.output());
        json.put("incarnation", message.incarnation());
        json.put("sequence", message.sequence());
        json.put("missing", recorded.missing());
        json.put("format", format(message));
        json.put("parameters", parameters(message));
        byte[] payload = message.toByteArray();
        String text = isText(message) ? text(payload) : null;
        json.put(
                text == null ? "base64" : "text",
                text == null ? Base64.getEncoder().encodeToString(payload) : text);
        return Json.line(json);
    }

    /** The id of a codec where one wrote it. */
    private static String format(Message message) {
        boolean isKnown = message.formatCode() == message.format().code();
        return isKnown ? message.format().name().toLowerCase(Locale.ROOT) : "codec " + message.formatCode();
    }

    private static Map<String, @Nullable Object> parameters(Message message) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (message.hasParameters()) {
            message.parameters().asMap().forEach((name, value) -> json.put(name, value(value)));
        }
        return json;
    }

    private static Object value(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(RecordingText::value).toList();
        }
        boolean hasNoForm = value instanceof Instant || value instanceof Double number && !Double.isFinite(number);
        return hasNoForm ? value.toString() : value;
    }

    /** Null where the bytes are no UTF-8, whatever their sender said. */
    private static @Nullable String text(byte[] payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
