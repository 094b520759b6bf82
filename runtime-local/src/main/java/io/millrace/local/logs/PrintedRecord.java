package io.millrace.local.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A log record that stands in a line of a program's output, as dora's libraries print them.
 *
 * @param origin with an empty target where none is written
 * @param pairs its target, if there is one, and its fields, no more than a record of ours carries
 */
record PrintedRecord(Level level, LogRecord.Origin origin, String message, List<KeyValuePair> pairs) {
    private static final String FIELDS = "fields.";
    private static final String MESSAGE = "message";
    private static final Pattern LINE = Pattern.compile("\\d{1,9}");

    /** Null if it is none. */
    static @Nullable PrintedRecord parse(String line) {
        if (line.length() < 2 || line.charAt(0) != '{') {
            return null;
        }
        JsonLine json = JsonLine.parse(line);
        Level level = json == null ? null : level(json.text("level"));
        if (json == null || level == null || json.text("timestamp").isEmpty()) {
            return null;
        }
        String message = json.text(MESSAGE);
        return new PrintedRecord(
                level,
                origin(json),
                TerminalCodes.strip(message.isEmpty() ? json.text(FIELDS + MESSAGE) : message),
                pairs(json));
    }

    private static @Nullable Level level(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.ERROR;
            case "warn", "warning" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            default -> null;
        };
    }

    private static LogRecord.Origin origin(JsonLine json) {
        String line = json.values().getOrDefault("line", "");
        return new LogRecord.Origin(
                json.text("target"),
                json.text("module_path"),
                json.text("file"),
                LINE.matcher(line).matches() ? line : "",
                time(json.text("timestamp")));
    }

    private static Optional<Instant> time(String written) {
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(written, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty(); // when it came says as much
        }
    }

    private static List<KeyValuePair> pairs(JsonLine json) {
        List<KeyValuePair> pairs = new ArrayList<>();
        if (!json.text("target").isEmpty()) {
            pairs.add(new KeyValuePair("target", json.text("target")));
        }
        for (Map.Entry<String, String> value : json.values().entrySet()) {
            String key = value.getKey();
            if (key.startsWith(FIELDS) && !key.equals(FIELDS + MESSAGE) && pairs.size() < LogRecord.MAX_FIELDS) {
                pairs.add(new KeyValuePair(key.substring(FIELDS.length()), TerminalCodes.strip(value.getValue())));
            }
        }
        return pairs;
    }

    /** Says it there, at its level. */
    void logTo(Logger logger) {
        LoggingEventBuilder event = logger.atLevel(level);
        for (KeyValuePair pair : pairs) {
            event = event.addKeyValue(pair.key, pair.value);
        }
        event.log(message);
    }
}
