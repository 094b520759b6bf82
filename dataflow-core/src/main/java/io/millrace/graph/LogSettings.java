package io.millrace.graph;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The log keys of a node or operator.
 *
 * @param sendStdoutAs output that carries the lines of a program's standard output
 * @param sendLogsAs output that carries log records
 * @param minLevel one of {@code error, warn, info, debug, trace, stdout}
 * @param maxSizeBytes without effect: what is printed goes to the application's logging, which rotates by its own rules
 * @param maxRotatedFiles likewise
 */
public record LogSettings(
        Optional<String> sendStdoutAs,
        Optional<String> sendLogsAs,
        Optional<String> minLevel,
        OptionalLong maxSizeBytes,
        OptionalInt maxRotatedFiles) {
    /** Nothing written. */
    public static final LogSettings NONE = new LogSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalInt.empty());
}
