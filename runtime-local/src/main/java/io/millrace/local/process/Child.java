package io.millrace.local.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that runs under a {@link Supervisor}, with what it starts itself as far as that stays in its process group: the group ends
 * when the program does, when it is killed, and at the latest two seconds after this JVM, however that ended. Any thread.
 *
 * <p>It reads nothing (its standard input is empty) and never waits for what it prints to be read.
 */
public final class Child implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);

    private static final int TOKEN_BYTES = 16;
    private static final int STREAMS = 2;
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final String name;
    private final Process process;
    private final CompletableFuture<ChildExit> exit = new CompletableFuture<>();

    private final Object words = new Object();
    private boolean saidTerminate; // guarded by words
    private boolean saidKill; // guarded by words

    private final Object streams = new Object();
    private int openStreams = STREAMS; // guarded by streams
    private OptionalInt status = OptionalInt.empty(); // guarded by streams

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts a program. Blocks for some milliseconds, while the system makes the process.
     *
     * @param name for threads and logs
     * @param listener of all that it prints, the last of it before {@link #onExit} completes
     * @throws ChildException if it cannot be started. What is only found out in the new process, such as a missing library, is a
     *     line on its standard error and an exit code instead
     */
    public static Child start(String name, ChildCommand command, OutputListener listener) {
        check(command);
        String token = token();
        Process process = spawn(command);
        try {
            Child child = new Child(name, process);
            child.drain(token, listener);
            child.say(token);
            return child;
        } catch (Throwable t) { // such as no more threads; before it has the token the supervisor starts nothing
            process.destroyForcibly();
            throw t;
        }
    }

    private static void check(ChildCommand command) {
        Path directory = command.directory();
        if (!Files.isDirectory(directory)) {
            throw new ChildException(
                    Files.exists(directory)
                            ? "the working directory '" + directory + "' is a file: remove it, or choose another"
                            : "the working directory '" + directory + "' does not exist: make it, or choose another");
        }
        ProgramFile.checkExecutable(
                Path.of(command.argv().get(0)), new ProgramSearch(command.environment(), directory));
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Process spawn(ChildCommand command) {
        List<String> argv = Supervisor.over(command.argv(), System.getenv());
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(command.directory().toFile());
        try {
            builder.environment().clear();
            builder.environment().putAll(command.environment());
            return builder.start();
        } catch (IOException e) {
            throw new ChildException("'" + command.argv().get(0) + "' cannot be started: " + reason(e, command), e);
        } catch (IllegalArgumentException e) {
            throw new ChildException(
                    "'" + command.argv().get(0)
                            + "' cannot be started: a variable of its environment has a name or value"
                            + " that no environment can hold",
                    e);
        }
    }

    private static String reason(IOException e, ChildCommand command) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("error=7,")) {
            return message;
        }
        long bytes = command.argv().stream().mapToLong(String::length).sum()
                + command.environment().entrySet().stream()
                        .mapToLong(entry ->
                                entry.getKey().length() + entry.getValue().length())
                        .sum();
        return "its arguments and environment are about " + bytes + " characters, more than this system takes"
                + " (on Linux 128 KiB for one variable or argument)";
    }

    private void drain(String token, OutputListener listener) {
        read("stdout", new OutputReader(this, OutputListener.Stream.STDOUT, process.getInputStream(), token, listener));
        read("stderr", new OutputReader(this, OutputListener.Stream.STDERR, process.getErrorStream(), token, listener));
    }

    private void read(String stream, OutputReader reader) {
        Thread thread = new Thread(reader, "millrace-" + name + "-" + stream);
        thread.setDaemon(true);
        thread.start();
    }

    /** Completed with how the program ended, when it has, its group is gone and all it printed was handed over. By a thread of ours. */
    public CompletableFuture<ChildExit> onExit() {
        return exit.copy();
    }

    public boolean isRunning() {
        return !exit.isDone();
    }

    /** The process under which the program is found, for who looks at a list of processes. */
    public long supervisorPid() {
        return process.pid();
    }

    /** Sends SIGTERM to the group, once. Does not wait. */
    public void terminate() {
        synchronized (words) {
            if (!saidTerminate) {
                saidTerminate = true;
                say("t");
            }
        }
    }

    /** Sends SIGKILL to the group, once. Does not wait. */
    public void kill() {
        synchronized (words) {
            if (!saidKill) {
                saidKill = true;
                say("k");
            }
        }
    }

    /**
     * Kills the group and waits until it is gone and all its output was handed over: as a rule some milliseconds, at most some seconds.
     * Not from within a listener.
     */
    @Override
    public void close() {
        kill();
        if (!awaitExit()) {
            LOG.warn("{}: its supervisor does not answer; killing all processes that come from it", this);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            if (!awaitExit()) {
                LOG.warn("{}: something that left its group keeps its output open", this);
                exit.complete(ChildExit.KILLED);
            }
        }
    }

    private boolean awaitExit() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_TIMEOUT_SECONDS);
        try {
            while (true) {
                try {
                    exit.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true; // closing is bounded anyway, and half of it would leave processes
                } catch (TimeoutException e) {
                    return false;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void say(String word) {
        synchronized (words) {
            try {
                OutputStream out = process.getOutputStream();
                out.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } catch (IOException e) {
                LOG.debug("{} has ended before it was told '{}'", this, word.length() == 1 ? word : "its token", e);
            }
        }
    }

    /** By each of the reading threads, as its last act. */
    void onStreamEnd(OptionalInt found) {
        boolean isLast;
        OptionalInt known;
        synchronized (streams) {
            status = found.isPresent() ? found : status;
            known = status;
            isLast = --openStreams == 0;
        }
        if (isLast) {
            hangUp();
            exit.complete(known.isPresent() ? new ChildExit(known.getAsInt()) : ChildExit.KILLED);
        }
    }

    /** The supervisor ends when nobody speaks to it any more. */
    private void hangUp() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("{} had ended before", this, e);
        }
        try {
            if (!process.waitFor(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "program of '" + name + "' (process " + process.pid() + ")";
    }
}
