package io.millrace.local.recording;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a recording says of itself, written first. As bytes: a count (4), then for each fact its name and its value, each a length (4) and UTF-8. A fact that is
 * not known is passed over.
 */
record RecordingHeader(
        String dataflow,
        Optional<String> text,
        List<String> outputs,
        Instant startedAt,
        String version,
        boolean isLossy) {
    /** A longer text of a dataflow is left out. */
    static final int MAX_TEXT_BYTES = 1 << 20;

    private static final String OUTPUT = "output.";

    /** As far as a message's time can tell. */
    private static final Duration MAX_FROM_1970 = Duration.ofNanos(Long.MAX_VALUE);

    RecordingHeader {
        outputs = List.copyOf(outputs);
    }

    byte[] encode() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("dataflow", dataflow);
        facts.put("started", startedAt.toString());
        facts.put("version", version);
        facts.put("lossy", Boolean.toString(isLossy));
        text.filter(value -> value.getBytes(StandardCharsets.UTF_8).length <= MAX_TEXT_BYTES)
                .ifPresent(value -> facts.put("text", value));
        for (int number = 0; number < outputs.size(); number++) {
            facts.put(OUTPUT + number, outputs.get(number));
        }
        List<byte[]> pieces = new ArrayList<>();
        facts.forEach((name, value) -> {
            pieces.add(name.getBytes(StandardCharsets.UTF_8));
            pieces.add(value.getBytes(StandardCharsets.UTF_8));
        });
        int length =
                pieces.stream().mapToInt(piece -> Integer.BYTES + piece.length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(facts.size());
        pieces.forEach(piece -> bytes.putInt(piece.length).put(piece));
        return bytes.array();
    }

    /** @throws IllegalArgumentException saying what is wrong with them */
    static RecordingHeader decode(ByteBuffer bytes) {
        Map<String, String> facts = facts(bytes.order(ByteOrder.LITTLE_ENDIAN));
        List<String> outputs = new ArrayList<>();
        for (String name = facts.get(OUTPUT + 0); name != null; name = facts.get(OUTPUT + outputs.size())) {
            outputs.add(name);
        }
        if (outputs.isEmpty() || outputs.size() > RecordingFormat.MAX_OUTPUTS) {
            throw new IllegalArgumentException("it names " + outputs.size() + " outputs");
        }
        return new RecordingHeader(
                required(facts, "dataflow"),
                Optional.ofNullable(facts.get("text")),
                outputs,
                time(required(facts, "started")),
                required(facts, "version"),
                Boolean.parseBoolean(facts.get("lossy")));
    }

    private static Map<String, String> facts(ByteBuffer bytes) {
        try {
            Map<String, String> facts = new LinkedHashMap<>();
            for (int left = bytes.getInt(); left > 0; left--) {
                facts.put(text(bytes), text(bytes));
            }
            return facts;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("its facts end too early", e);
        }
    }

    private static String text(ByteBuffer bytes) {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("a text of " + Integer.toUnsignedString(length) + " bytes does not fit");
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static String required(Map<String, String> facts, String name) {
        String value = facts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it lacks the fact '" + name + "'");
        }
        return value;
    }

    private static Instant time(String text) {
        Instant time;
        try {
            time = Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no time", e);
        }
        if (Duration.between(Instant.EPOCH, time).abs().compareTo(MAX_FROM_1970) > 0) {
            throw new IllegalArgumentException("nothing was recorded at '" + text + "'");
        }
        return time;
    }
}
