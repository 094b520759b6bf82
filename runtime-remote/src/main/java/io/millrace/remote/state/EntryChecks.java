package io.millrace.remote.state;

import io.millrace.graph.Problem;
import io.millrace.remote.state.ClusterEntry.RegisterExecutor;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.Submission;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an entry may say, whoever asked for it. */
final class EntryChecks {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_LABELS = 64;
    private static final int MAX_TEXT = 256;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_CORES = 1 << 16;
    private static final long MAX_WAIT_MS = Durations.LONGEST_WAIT.toMillis();

    private EntryChecks() {}

    static Optional<String> complaint(RegisterExecutor entry) {
        if (!ID.matcher(entry.machineId()).matches()) {
            return Optional.of("machine id " + shown(entry.machineId()) + " is not 1 to 128 of A-Z a-z 0-9 _ . -");
        }
        if (entry.instance().isEmpty() || entry.instance().length() > MAX_TEXT) {
            return Optional.of("the instance of machine '" + entry.machineId() + "' has "
                    + entry.instance().length() + " characters, expected 1 to " + MAX_TEXT);
        }
        if (entry.linkHost().isEmpty() || entry.linkHost().length() > MAX_TEXT) {
            return Optional.of("the host of links of machine '" + entry.machineId() + "' is " + shown(entry.linkHost())
                    + ": expected one that peers can reach");
        }
        if (entry.linkPort() < 1 || entry.linkPort() > MAX_PORT) {
            return Optional.of("the port of links of machine '" + entry.machineId() + "' is " + entry.linkPort()
                    + ", expected 1 to " + MAX_PORT);
        }
        if (entry.cores() < 1 || entry.cores() > MAX_CORES) {
            return Optional.of(
                    "machine '" + entry.machineId() + "' has " + entry.cores() + " cores, expected 1 to " + MAX_CORES);
        }
        if (entry.holdsMs() < 0 || entry.holdsMs() > 2 * MAX_WAIT_MS) {
            return Optional.of("the lease of machine '" + entry.machineId() + "' is " + entry.holdsMs()
                    + " ms, expected 0 to two years");
        }
        return labels(entry);
    }

    private static Optional<String> labels(RegisterExecutor entry) {
        if (entry.labels().size() > MAX_LABELS) {
            return Optional.of("machine '" + entry.machineId() + "' has "
                    + entry.labels().size() + " labels, expected at most " + MAX_LABELS);
        }
        for (Map.Entry<String, String> label : entry.labels().entrySet()) {
            if (label.getKey().length() > MAX_TEXT || label.getValue().length() > MAX_TEXT) {
                return Optional.of(
                        "a label of machine '" + entry.machineId() + "' is longer than " + MAX_TEXT + " characters");
            }
        }
        return Optional.empty();
    }

    static Optional<String> complaint(Submission submission) {
        if (!ID.matcher(submission.id()).matches()) {
            return Optional.of("job id " + shown(submission.id()) + " is not 1 to 128 of A-Z a-z 0-9 _ . -");
        }
        if (submission.name().isBlank() || submission.name().length() > MAX_TEXT) {
            return Optional.of(
                    "the job's name is " + shown(submission.name()) + ", expected 1 to " + MAX_TEXT + " characters");
        }
        return complaint(submission.options());
    }

    private static Optional<String> complaint(JobOptions options) {
        boolean isPossible = isWait(options.startTimeoutMs())
                && isWait(options.closeGraceMs())
                && isWait(options.placeWaitMs())
                && options.lostWaitMs() <= MAX_WAIT_MS;
        return isPossible
                ? Optional.empty()
                : Optional.of("a time to wait is negative or longer than a year: start timeout "
                        + options.startTimeoutMs() + " ms, grace " + options.closeGraceMs() + " ms, for what is lost "
                        + options.lostWaitMs() + " ms, for a place " + options.placeWaitMs() + " ms");
    }

    static boolean isWait(long ms) {
        return ms >= 0 && ms <= MAX_WAIT_MS;
    }

    static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }

    static String shown(String text) {
        return Problem.quote(text);
    }
}
