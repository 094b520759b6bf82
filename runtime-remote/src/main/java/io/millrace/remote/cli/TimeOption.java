package io.millrace.remote.cli;

import io.millrace.local.recording.Recording;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment of a recording: a time of its own, or so long after the recording's begin. */
sealed interface TimeOption {

    Instant in(Recording recording);

    record At(Instant time) implements TimeOption {
        @Override
        public Instant in(Recording recording) {
            return time;
        }
    }

    record After(Duration begin) implements TimeOption {
        @Override
        public Instant in(Recording recording) {
            return recording.startedAt().plus(begin);
        }
    }

    /** Reads {@code 2026-01-31T08:00:00Z}, or {@code 90s}. */
    final class Converter implements ITypeConverter<TimeOption> {
        @Override
        public TimeOption convert(String value) {
            try {
                return new At(Instant.parse(value));
            } catch (DateTimeException e) {
                return after(value);
            }
        }

        private static TimeOption after(String value) {
            try {
                return new After(new DurationConverter().convert(value));
            } catch (TypeConversionException e) {
                throw new TypeConversionException("expected a time such as 2026-01-31T08:00:00Z, or a duration from the"
                        + " recording's begin such as 90s, found '" + value + "'");
            }
        }
    }
}
