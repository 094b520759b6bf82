package io.millrace.remote.cli;

import io.millrace.local.process.Child;
import io.millrace.local.process.ChildCommand;
import io.millrace.local.process.ChildException;
import io.millrace.local.process.ChildExit;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Carries build commands out, one after the other, until one fails or a signal comes. */
final class BuildRun {
    private static final long POLL_MS = 50;
    /** After a signal, until those who do not end are ended. */
    private static final Duration GRACE = Duration.ofSeconds(5);

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
        try (Child child = start(step)) {
            ChildExit exit = await(child);
            return exit.isSuccess() || signals.received() != 0 || fail(step, exit.toString());
        } catch (ChildException | IOException e) {
            return fail(step, "cannot be run: " + e.getMessage());
        }
    }

    private Child start(BuildStep step) throws IOException {
        Files.createDirectories(step.directory());
        ChildCommand command = ChildCommand.line(step.command().line(), step.environment(), step.directory());
        return Child.start(step.node(), command, (stream, line) -> show(step, line));
    }

    /** Where a program draws a progress over itself, each state is a line. */
    private void show(BuildStep step, String line) {
        line.lines().filter(part -> !part.isEmpty()).forEach(part -> say(step, "| " + part));
    }

    /** Waits for the end of the program, with which its group ends too. */
    private ChildExit await(Child child) throws InterruptedException {
        CompletableFuture<ChildExit> exit = child.onExit();
        long askedNs = 0;
        while (true) {
            try {
                return exit.get(POLL_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a program ends without a failure of ours", e);
            } catch (TimeoutException stillRunning) {
                if (signals.received() != 0 && askedNs == 0) {
                    child.terminate();
                    askedNs = System.nanoTime();
                }
                if (isUrgent.get() || askedNs != 0 && System.nanoTime() - askedNs > GRACE.toNanos()) {
                    child.kill();
                }
            }
        }
    }

    private boolean fail(BuildStep step, String how) {
        String place = step.command().location().toString();
        console.err()
                .println(Printable.line((place.isEmpty() ? "" : place + ": ") + "error: node '" + step.node()
                        + "': the build command '" + step.command().line() + "' " + how + ", in '" + step.directory()
                        + "'"));
        return false;
    }

    private void say(BuildStep step, String text) {
        console.out().println(step.node() + " " + Printable.of(text));
    }
}
