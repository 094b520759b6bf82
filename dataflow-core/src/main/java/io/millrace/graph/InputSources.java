package io.millrace.graph;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Reads the text that says where an input's messages come from. */
final class InputSources {
    private static final List<String> UNITS = List.of("secs", "millis", "micros", "nanos", "hz");
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace", "stdout");
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
    private static final int MAX_NUMBER_LENGTH = 20;
    private static final String BUILT_IN = "expected dora/timer/UNIT/N, dora/logs[/LEVEL[/NODE]] or millrace/app/NAME";

    private InputSources() {}

    static InputSource parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw refused(text, "expected node/output, node/operator/output or a built-in source");
        }
        return parts[0].equals("dora") || parts[0].equals("millrace")
                ? builtIn(text, parts)
                : new InputSource.OutputRef(parts[0], "", text.substring(parts[0].length() + 1));
    }

    private static InputSource builtIn(String text, String[] parts) {
        return switch (parts[1]) {
            case "timer" -> timer(text, parts);
            case "logs" -> logs(text, parts);
            case "app" -> application(text, parts);
            default -> throw refused(text, "there is no such built-in source; " + BUILT_IN);
        };
    }

    private static InputSource timer(String text, String[] parts) {
        if (parts.length != 4) {
            throw refused(text, "expected dora/timer/UNIT/N, where UNIT is one of " + UNITS);
        }
        BigDecimal nanos = switch (parts[2]) {
            case "secs" -> interval(text, parts[3], 1_000_000_000L);
            case "millis" -> interval(text, parts[3], 1_000_000L);
            case "micros" -> interval(text, parts[3], 1_000L);
            case "nanos" -> interval(text, parts[3], 1L);
            case "hz" -> period(text, parts[3]);
            default -> throw refused(text, "'" + parts[2] + "' is not a unit of timers" + expected(parts[2], UNITS));
        };
        if (nanos.signum() <= 0) {
            throw refused(text, "the interval of a timer must be at least a nanosecond");
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw refused(text, "the interval of a timer must be less than 292 years");
        }
        return new InputSource.Timer(Duration.ofNanos(nanos.longValue()), text);
    }

    private static BigDecimal interval(String text, String number, long nanosPerUnit) {
        if (!number.matches("[0-9]{1," + MAX_NUMBER_LENGTH + "}")) {
            throw refused(text, "'" + number + "' is not a whole number");
        }
        BigDecimal count = new BigDecimal(number);
        if (count.signum() == 0) {
            throw refused(text, "the interval of a timer must not be zero");
        }
        return count.multiply(BigDecimal.valueOf(nanosPerUnit));
    }

    private static BigDecimal period(String text, String number) {
        if (number.length() > MAX_NUMBER_LENGTH || !number.matches("[0-9]+(\\.[0-9]+)?|\\.[0-9]+")) {
            throw refused(text, "'" + number + "' is not a decimal number");
        }
        BigDecimal hertz = new BigDecimal(number);
        if (hertz.signum() == 0) {
            throw refused(text, "the rate of a timer must not be zero");
        }
        return NANOS_PER_SECOND.divide(hertz, 0, RoundingMode.HALF_UP);
    }

    private static InputSource logs(String text, String[] parts) {
        if (parts.length > 4) {
            throw refused(text, "expected dora/logs, dora/logs/LEVEL or dora/logs/LEVEL/NODE");
        }
        String level = parts.length > 2 ? parts[2].toLowerCase(Locale.ROOT) : "";
        if (parts.length > 2 && !LEVELS.contains(level)) {
            throw refused(text, "'" + level + "' is not a log level" + expected(level, LEVELS));
        }
        String node = parts.length > 3 ? parts[3] : "";
        if (parts.length > 3 && node.isEmpty()) {
            throw refused(text, "expected a node after the log level");
        }
        return new InputSource.Logs(level, node);
    }

    private static InputSource application(String text, String[] parts) {
        if (parts.length != 3) {
            throw refused(text, "expected millrace/app/NAME");
        }
        IdRules.complaint(parts[2]).ifPresent(complaint -> {
            throw refused(text, "the name " + Problem.quote(parts[2]) + " " + complaint);
        });
        return new InputSource.Application(parts[2]);
    }

    private static String expected(String word, List<String> words) {
        return ": expected one of " + words + Suggestions.didYouMean(word, words);
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("source " + Problem.quote(text) + ": " + why);
    }
}
