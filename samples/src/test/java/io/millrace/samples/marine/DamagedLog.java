package io.millrace.samples.marine;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Does to a log what serial lines, loggers and instruments do, always in the same places. */
final class DamagedLog {
    private static final List<String> LINE_ENDS = List.of("\r\n", "\n", "\r", "\r\n\r\n", "\n\r");
    /** Sound sentences that are not to be used: other instruments, true wind, wind that says it is not valid. */
    private static final List<String> BYSTANDERS = List.of(
            sentence("SDDBT,001.6,f,000.5,M,000.3,F"),
            sentence("IIGLL,0000.000,N,00000.000,E,120000,A,A"),
            sentence("WIMWV,045,R,99.9,N,A"),
            sentence("IIMWV,045,T,88.8,N,A"),
            sentence("IIMWV,045,R,77.7,N,V"),
            sentence("IIDBT,,f,,M,,F"));

    /** Where the sound log has its extremes, and some of its alarms. */
    private static final Pattern EXTREME = Pattern.compile("001\\.[46].,M|038\\.0.,M|,25\\.4.,N");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int positions;
    private int winds;

    private DamagedLog() {}

    /** Writes the damaged copy of a compressed log. */
    static void write(Path sound, Path damaged) throws IOException {
        Files.write(damaged, new DamagedLog().damage(readLines(sound)));
    }

    static String sentence(String body) {
        return "$" + body + String.format(Locale.ROOT, "*%02X", checksum(body));
    }

    private static int checksum(String body) {
        return body.chars().reduce(0, (sum, c) -> sum ^ c);
    }

    private static List<String> readLines(Path sound) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(sound)), StandardCharsets.ISO_8859_1))) {
            return reader.lines().toList();
        }
    }

    private byte[] damage(List<String> lines) {
        int lastPosition = lastIndexOf(lines, "$GPGLL");
        int lastClock = lastIndexOf(lines, "$GPZDA");
        for (int i = 0; i < lines.size(); i++) {
            String line = differentInstrument(lines.get(i), i == lastPosition);
            boolean isFirstOrLastClock = i == 8 || i == lastClock;
            noiseBefore(i);
            append(isFirstOrLastClock ? withWrongChecksum(line) : damaged(line, i));
            // Sometimes a line end is lost.
            append(i % 239 == 0 ? "" : LINE_ENDS.get(i % LINE_ENDS.size()));
        }
        return out.toByteArray();
    }

    private static int lastIndexOf(List<String> lines, String address) {
        for (int i = lines.size() - 1; ; i--) {
            if (lines.get(i).startsWith(address)) {
                return i;
            }
        }
    }

    /** Void positions, and winds in other units; their checksums are right. */
    private String differentInstrument(String line, boolean isLastPosition) {
        String[] fields = line.substring(1, line.indexOf('*')).split(",", -1);
        if (fields[0].equals("GPGLL")) {
            positions++;
            if (positions == 1 || positions % 11 == 0 || isLastPosition) {
                return sentence(String.join(",", List.of(fields).subList(0, 6)) + ",V,N");
            }
            return positions % 37 == 0 ? sentence("GPGLL,,,,," + fields[5] + ",V,N") : line;
        }
        if (fields[0].equals("IIMWV") && !fields[3].isEmpty() && ++winds % 13 == 0) {
            double knots = Double.parseDouble(fields[3]);
            String speed = winds % 2 == 0
                    ? String.format(Locale.ROOT, "%.2f,K", knots * 1.852)
                    : String.format(Locale.ROOT, "%.3f,M", knots * 1852 / 3600);
            return sentence(fields[0] + "," + fields[1] + "," + fields[2] + "," + speed + "," + fields[5]);
        }
        return line;
    }

    private void noiseBefore(int i) {
        if (i % 241 == 0) {
            append("\u0000\u00ff\u0013 3.0 below the transducer, they said *7F\n");
        }
        if (i % 251 == 0) {
            append("x".repeat(1100) + sentence("IIDBT,000.3,f,000.10,M,000.05,F") + "x".repeat(4000) + "\r");
        }
        if (i % 257 == 0) {
            append(BYSTANDERS.get(i / 257 % BYSTANDERS.size()) + "\n");
        }
        if (i % 233 == 0) {
            append("\u0007\u00a7 ");
        }
    }

    private static String damaged(String line, int i) {
        if (i % 211 == 0 || EXTREME.matcher(line).find()) {
            return withWrongChecksum(line);
        }
        if (i % 223 == 0) {
            return line.substring(0, 8) + (line.charAt(8) == '7' ? '8' : '7') + line.substring(9);
        }
        if (i % 227 == 0) {
            return line.substring(0, line.indexOf('*') - 1);
        }
        int star = line.indexOf('*');
        return i % 229 == 0 ? line.substring(0, star) + line.substring(star).toLowerCase(Locale.ROOT) : line;
    }

    private static String withWrongChecksum(String line) {
        char last = line.charAt(line.length() - 1);
        return line.substring(0, line.length() - 1) + (last == '0' ? '1' : '0');
    }

    private void append(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
