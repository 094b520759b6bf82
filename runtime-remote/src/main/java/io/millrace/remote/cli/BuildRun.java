package io.millrace.remote.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Carries build commands out, one after the other, until one fails or a signal comes. */
final class BuildRun {
    private static final long POLL_MS = 50;
    /** After a signal, until those who do not end are ended. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** After the program has ended, for what it printed last; something that it left running may hold the pipe open for ever. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    private final Console console;
    private final StopSignals signals;
    private final AtomicBoolean isUrgent;

    private BuildRun(Console console, StopSignals signals, AtomicBoolean isUrgent) {
        this.console = console;
        this.signals = signals;
        this.isUrgent = isUrgent;
    }

    /** Returns the exit code. */
    static int run(List<BuildStep> steps, Console console) throws InterruptedException {
        AtomicBoolean isUrgent = new AtomicBoolean();
        try (StopSignals signals = StopSignals.listen(
                signal -> console.err().println("millrace: interrupted; once more to end at once"),
                signal -> isUrgent.set(true))) {
            return new BuildRun(console, signals, isUrgent).run(steps);
        }
    }

    private int run(List<BuildStep> steps) throws InterruptedException {
        for (BuildStep step : steps) {
            boolean isGood = signals.received() == 0 && run(step);
            if (signals.received() != 0) {
                return ExitCode.SIGNAL + signals.received();
            }
            if (!isGood) {
                return ExitCode.FAILED;
            }
        }
        return ExitCode.OK;
    }

    private boolean run(BuildStep step) throws InterruptedException {
        say(step, "$ " + step.command().line());
        ProcessGroup group;
        try {
            Files.createDirectories(step.directory());
            group = ProcessGroup.start(found(step), step.directory(), step.environment());
        } catch (IOException e) {
            return fail(step, "cannot be run: " + e.getMessage());
        }
        Thread output = new Thread(() -> show(step, group.output()), "millrace-build-output");
        output.setDaemon(true);
        output.start();
        await(group);
        output.join(LAST_OUTPUT.toMillis());
        return group.exitCode() == 0 || signals.received() != 0 || fail(step, ending(group.exitCode()));
    }

    private static List<String> found(BuildStep step) throws IOException {
        List<String> words = new ArrayList<>(step.words());
        words.set(0, ProgramSearch.find(words.get(0), step.directory(), step.environment()));
        return words;
    }

    private void show(BuildStep step, InputStream output) {
        try {
            OutputLines.read(output, line -> say(step, "| " + line));
        } catch (IOException e) {
            throw new UncheckedIOException("the output of '" + step.command().line() + "' cannot be read", e);
        }
    }

    /** Waits for the end of the program; after a signal, for that of all that it has started. */
    private void await(ProcessGroup group) throws InterruptedException {
        try {
            boolean isAsked = false;
            long askedNs = 0;
            while (!group.awaitExit(POLL_MS)) {
                if (signals.received() != 0 && !isAsked) {
                    isAsked = group.terminate();
                    askedNs = System.nanoTime();
                }
                if (isUrgent.get() || isAsked && System.nanoTime() - askedNs > GRACE.toNanos()) {
                    group.kill();
                }
            }
            if (signals.received() != 0) {
                group.kill();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the command cannot be ended", e);
        }
    }

    private boolean fail(BuildStep step, String how) {
        Path directory = step.directory();
        String place = step.command().location().toString();
        console.err()
                .println(Printable.line((place.isEmpty() ? "" : place + ": ") + "error: node '" + step.node()
                        + "': the build command '" + step.command().line() + "' " + how + ", in '" + directory + "'"));
        return false;
    }

    private static String ending(int exitCode) {
        return exitCode > ExitCode.SIGNAL
                ? "was ended by signal " + (exitCode - ExitCode.SIGNAL)
                : "failed with exit code " + exitCode;
    }

    private void say(BuildStep step, String text) {
        console.out().println(step.node() + " " + Printable.of(text));
    }
}
