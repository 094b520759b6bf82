package io.millrace.remote.cli;

import io.millrace.remote.wire.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of this program that outlives its maker, known by a file with its number. Numbers are used again: so it is ours only if its command line carries the
 * directory that the file is in.
 */
final class BackgroundProcess {
    /** Stands early in the command line, for systems show only the begin of a long one. */
    private static final String MARK = "-Dmillrace.home=";

    private static final int TAIL_LINES = 20;

    /** Systems count the start of a process by ticks and from a moment that they know by seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private final String name;
    private final Path directory;

    /** @param name also of its files, {@code NAME.pid}, {@code NAME.addr} and {@code NAME.log} */
    BackgroundProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    String name() {
        return name;
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    private Path pidFile() {
        return directory.resolve(name + ".pid");
    }

    private Path placeFile() {
        return directory.resolve(name + ".addr");
    }

    /** Empty where it does not run, as after a crash. */
    Optional<ProcessHandle> find() throws IOException {
        if (!Files.isRegularFile(pidFile())) {
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile()).strip()))
                    .filter(ProcessHandle::isAlive)
                    .filter(this::isOurs);
        } catch (NumberFormatException e) {
            throw new IOException("'" + pidFile() + "' holds no process number: remove it", e);
        }
    }

    /** Where the process is found that was started last, as {@link #start} was told; empty where none was. */
    Optional<String> place() throws IOException {
        return Files.isRegularFile(placeFile())
                ? Optional.of(Files.readString(placeFile()).strip())
                : Optional.empty();
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains(MARK + directory))
                .orElseGet(() -> isOlderThanItsFile(process));
    }

    /** Where the system does not show a command line: whoever was given the number later has begun later. */
    private boolean isOlderThanItsFile(ProcessHandle process) {
        try {
            Instant written = Files.getLastModifiedTime(pidFile()).toInstant();
            return process.info()
                    .startInstant()
                    .map(start -> start.isBefore(written.plus(ROUNDING)))
                    .orElse(false);
        } catch (IOException e) { // then nobody can say that it is ours
            return false;
        }
    }

    /**
     * Starts it, with what it prints added to its log.
     *
     * @param place where it is found, one line
     */
    ProcessHandle start(String place, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(OwnProgram.inASessionOfItsOwn());
        command.addAll(OwnProgram.java());
        command.add(MARK + directory);
        command.addAll(OwnProgram.program());
        command.addAll(arguments);
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(log().toFile());
        ProcessBuilder builder = new ProcessBuilder(command);
        // It has relative paths, and is in the arguments.
        builder.environment().remove(ClassPathOption.VARIABLE);
        Process process = builder.directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(OwnProgram.nothing()))
                .redirectOutput(log)
                .redirectError(log)
                .start();
        Files.writeString(placeFile(), place + "\n");
        Path unfinished = directory.resolve(name + ".pid.new");
        Files.writeString(unfinished, process.pid() + "\n");
        Files.move(unfinished, pidFile(), StandardCopyOption.REPLACE_EXISTING);
        return process.toHandle();
    }

    /**
     * Ends it in order, and at once where it takes longer than the grace. Blocks.
     *
     * @return whether it ran, and whether it ended in order
     */
    Stopped stop(Duration grace) throws IOException, InterruptedException {
        Optional<ProcessHandle> found = find();
        if (found.isEmpty()) {
            Files.deleteIfExists(pidFile());
            return Stopped.DID_NOT_RUN;
        }
        ProcessHandle process = found.get();
        process.destroy();
        boolean hasEnded = hasEnded(process, grace);
        if (!hasEnded) {
            process.destroyForcibly();
            hasEnded(process, grace);
        }
        Files.deleteIfExists(pidFile());
        return hasEnded ? Stopped.IN_ORDER : Stopped.KILLED;
    }

    /** How a process was stopped. */
    enum Stopped {
        DID_NOT_RUN,
        IN_ORDER,
        KILLED
    }

    private static boolean hasEnded(ProcessHandle process, Duration grace) throws InterruptedException {
        try {
            process.onExit().get(Durations.nanos(grace), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("a process's end never fails", e);
        }
    }

    /** The last lines that it printed. */
    List<String> lastWords() throws IOException {
        if (!Files.isRegularFile(log())) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(log());
        return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    }
}
