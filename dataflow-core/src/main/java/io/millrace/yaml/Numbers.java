package io.millrace.yaml;

import io.millrace.yaml.Written.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers, durations and sizes as they may be written. */
final class Numbers {
    private static final Pattern WITH_UNIT = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([A-Za-z]{1,3})");
    private static final BigDecimal LONGEST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);
    /** Numbers of more digits before or after the point are refused before any arithmetic is done with them. */
    private static final int MAX_DIGITS = 40;

    /** A duration that is not zero. */
    static final ValueType<Duration> DURATION = new Types.Scalar<>(
            "a duration such as 1.5 (seconds), 250ms or 2s, more than zero",
            value -> duration(value).filter(duration -> !duration.isZero()));

    static final ValueType<Duration> DURATION_OR_ZERO =
            new Types.Scalar<>("a duration such as 1.5 (seconds), 250ms or 2s", Numbers::duration);

    static final ValueType<Long> SIZE = new Types.Scalar<>(
            "a size such as 65536 (bytes), 64KB or 8MB, more than zero (1KB is 1024 bytes)",
            value -> size(value).filter(bytes -> bytes > 0));

    private Numbers() {}

    /** A whole number: decimal, octal with {@code 0o} or hexadecimal with {@code 0x}; empty if it has more than 64 bits. */
    static Optional<Long> whole(String text) {
        BigInteger number = text.startsWith("0x")
                ? new BigInteger(text.substring(2), 16)
                : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
        return number.bitLength() < Long.SIZE ? Optional.of(number.longValue()) : Optional.empty();
    }

    static Double floatingPoint(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            case ".nan" -> Double.NaN;
            default -> Double.valueOf(text);
        };
    }

    static Optional<Long> whole(Written value) {
        return value.is(Kind.WHOLE_NUMBER) ? whole(value.text()) : Optional.empty();
    }

    private static Optional<Duration> duration(Written value) {
        return switch (value.kind()) {
            case WHOLE_NUMBER -> whole(value).flatMap(seconds -> nanos(BigDecimal.valueOf(seconds), "s"));
            case DECIMAL_NUMBER -> decimal(value.text()).flatMap(seconds -> nanos(seconds, "s"));
            case TEXT -> {
                Matcher matcher = WITH_UNIT.matcher(value.text());
                yield matcher.matches() ? nanos(new BigDecimal(matcher.group(1)), matcher.group(2)) : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> nanos(BigDecimal number, String unit) {
        long nanosPerUnit = switch (unit) {
            case "ns" -> 1L;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m", "min" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> 0L;
        };
        BigDecimal nanos = number.multiply(BigDecimal.valueOf(nanosPerUnit)).setScale(0, RoundingMode.HALF_UP);
        return nanosPerUnit > 0 && number.signum() >= 0 && nanos.compareTo(LONGEST_NANOS) <= 0
                ? Optional.of(Duration.ofNanos(nanos.longValue()))
                : Optional.empty();
    }

    private static Optional<Long> size(Written value) {
        if (value.is(Kind.WHOLE_NUMBER)) {
            return whole(value);
        }
        Matcher matcher = WITH_UNIT.matcher(value.text());
        return value.is(Kind.TEXT) && matcher.matches()
                ? bytes(new BigDecimal(matcher.group(1)), matcher.group(2))
                : Optional.empty();
    }

    /** As in dora, a unit is 1024 of the one before, however it is spelt. */
    private static Optional<Long> bytes(BigDecimal number, String unit) {
        long bytesPerUnit = switch (unit.toLowerCase(Locale.ROOT)) {
            case "b" -> 1L;
            case "k", "kb", "kib" -> 1L << 10;
            case "m", "mb", "mib" -> 1L << 20;
            case "g", "gb", "gib" -> 1L << 30;
            case "t", "tb", "tib" -> 1L << 40;
            default -> 0L;
        };
        BigDecimal bytes = number.multiply(BigDecimal.valueOf(bytesPerUnit)).setScale(0, RoundingMode.HALF_UP);
        return bytesPerUnit > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                ? Optional.of(bytes.longValue())
                : Optional.empty();
    }

    private static Optional<BigDecimal> decimal(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.precision() - number.scale()) > MAX_DIGITS || number.scale() > MAX_DIGITS
                    ? Optional.empty()
                    : Optional.of(number);
        } catch (NumberFormatException e) {
            // .inf, .nan and exponents beyond any number.
            return Optional.empty();
        }
    }
}
