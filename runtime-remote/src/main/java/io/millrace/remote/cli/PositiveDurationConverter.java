package io.millrace.remote.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what {@link DurationConverter} does, where no time at all makes no sense. */
final class PositiveDurationConverter implements ITypeConverter<Duration> {
    private final DurationConverter durations = new DurationConverter();

    @Override
    public Duration convert(String value) {
        Duration read = durations.convert(value);
        if (read.isZero()) {
            throw new TypeConversionException("expected more than 0, found '" + value + "'");
        }
        return read;
    }
}
