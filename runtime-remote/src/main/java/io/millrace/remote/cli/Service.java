package io.millrace.remote.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A part of a cluster that runs in this process until a signal ends it, and says in a line what becomes of it. */
final class Service {
    private final Console console;
    private final String name;
    private final boolean verbose;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** @param name such as {@code executor 'boat'} */
    Service(Console console, String name, boolean verbose) {
        this.console = console;
        this.name = name;
        this.verbose = verbose;
    }

    /** What runs. */
    interface Running {
        /**
         * Ends it in order. Blocks.
         *
         * @throws RuntimeException saying what was not in order; it has ended all the same
         */
        void end(String reason) throws InterruptedException;
    }

    /** How it begins. */
    @FunctionalInterface
    interface Start {
        Running start();
    }

    /** Blocks until a signal, or {@link #fail}. Returns the exit code. */
    int run(Start start) throws InterruptedException {
        Running running;
        try {
            running = start.start();
        } catch (IllegalArgumentException e) {
            return tell(ExitCode.INVALID, e);
        } catch (RuntimeException e) { // each says what is wrong with an address, a directory, a certificate
            return tell(ExitCode.FAILED, e);
        }
        try (StopSignals signals = StopSignals.listen(
                signal -> ended.complete(ExitCode.OK),
                signal -> Runtime.getRuntime().halt(ExitCode.SIGNAL + signal))) {
            int code = await(ended);
            if (signals.received() != 0) {
                say("ends; once more to end at once");
            }
            return end(running, code);
        }
    }

    private int end(Running running, int code) throws InterruptedException {
        try {
            running.end(name + " was told to end");
        } catch (RuntimeException e) { // it has ended, but not as it should
            return Math.max(code, tell(ExitCode.FAILED, e));
        }
        if (code == ExitCode.OK) {
            say("has ended");
        }
        return code;
    }

    private static int await(Future<Integer> ended) throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw new AssertionError("only ever completed with a code", e);
        }
    }

    /** It cannot go on. Any thread; does not block. */
    void fail(Throwable error) {
        tell(
                ExitCode.FAILED,
                error.getCause() != null && error instanceof CompletionException ? error.getCause() : error);
        ended.complete(ExitCode.FAILED);
    }

    /** Any thread. */
    void say(String words) {
        console.err().println(Printable.line("millrace: " + name + " " + words));
    }

    private int tell(int code, Throwable error) {
        String message = error.getMessage();
        console.err().println(Printable.line("error: " + name + ": " + (message == null ? error : message)));
        if (verbose) {
            error.printStackTrace(console.err());
        }
        return code;
    }
}
