package io.millrace.local.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a program prints, it is a record or a line. */
class PrintedRecordFuzzTest {
    private static final int ROUNDS = 20_000;

    private static final byte[] RIGHT =
            ("{\"timestamp\":\"2026-10-01T02:00:00+02:00\",\"level\":\"WARN\",\"target\":\"a::b\",\"line\":7,"
                            + "\"message\":\"l\\u00f6w \\\"\\n\\u001b[31m\",\"fields\":{\"volts\":11.5,\"on\":true,"
                            + "\"deep\":{\"a\":[1,{\"b\":null}]}},\"more\":[[],{},\"x\"]}")
                    .getBytes(StandardCharsets.UTF_8);

    private static boolean isRecord(String line) {
        PrintedRecord printed = PrintedRecord.parse(line);
        if (printed == null) {
            return false;
        }
        assertThat(printed.pairs()).hasSizeLessThanOrEqualTo(LogRecord.MAX_FIELDS);
        assertThat(printed.message()).hasSizeLessThanOrEqualTo(line.length());
        return true;
    }

    @Test
    void shouldTakeARecordOrALineWhenARecordIsDamaged() {
        Random random = new Random(1);
        int records = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String line = new String(Payloads.damaged(RIGHT, random), StandardCharsets.UTF_8);
            records += isRecord(line) ? 1 : 0;
        }
        assertThat(records).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    @Test
    void shouldTakeALineWhenItIsMadeOfPiecesOfRecords() {
        String[] pieces = {
            "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u00", "level", "info", "timestamp", "1e9", "-", " "
        };
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder line = new StringBuilder("{");
            for (int i = random.nextInt(60); i > 0; i--) {
                line.append(pieces[random.nextInt(pieces.length)]);
            }
            isRecord(line.toString());
        }
    }
}
