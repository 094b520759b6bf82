package io.millrace.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The Python that scripts run in: of the virtual environment in {@code VIRTUAL_ENV}; else what {@code uv python find} says, where uv is
 * installed; else {@code python}, unless that is Python 2; else {@code python3}. Each answer is kept, for asking starts processes. Any
 * thread; blocks.
 */
public final class Interpreters {
    private static final long ANSWER_TIMEOUT_SECONDS = 30;
    private static final int LONGEST_ANSWER_BYTES = 4_096;

    private final Map<Question, Path> answers = new HashMap<>(); // guarded by this

    public Interpreters() {}

    /** @param directory which may hold a project of uv's */
    private record Question(Map<String, String> environment, Path directory) {}

    /**
     * The interpreter for a script.
     *
     * @param environment of the program that is to run
     * @param directory its working directory; absolute
     * @throws ChildException if there is none
     */
    public synchronized Path python(Map<String, String> environment, Path directory) {
        Question question = new Question(Map.copyOf(environment), existing(directory));
        Path known = answers.get(question);
        if (known == null) {
            known = ask(question);
            answers.put(question, known);
        }
        return known;
    }

    private static Path existing(Path directory) {
        Path there = directory;
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static Path ask(Question question) {
        ProgramSearch search = new ProgramSearch(question.environment(), question.directory());
        Optional<Path> virtual = search.searchPath()
                .virtualEnvBin()
                .map(bin -> question.directory().resolve(bin).resolve("python"))
                .filter(Files::isExecutable);
        return virtual.filter(python -> isUsable(python, question))
                .or(() -> search.look("uv").flatMap(uv -> findWithUv(uv, question)))
                .or(() -> search.look("python").filter(python -> isUsable(python, question)))
                .or(() -> search.look("python3").filter(python -> isUsable(python, question)))
                .orElseThrow(() -> new ChildException("a Python script needs Python 3, but there is neither a usable"
                        + " 'python' nor 'python3' in " + search.inWords()
                        + ": install it, or set VIRTUAL_ENV to a virtual environment"));
    }

    private static Optional<Path> findWithUv(Path uv, Question question) {
        return answer(List.of(uv.toString(), "python", "find"), question)
                .flatMap(text -> text.lines().findFirst())
                .map(line -> question.directory().resolve(line.strip()))
                .filter(Files::isExecutable);
    }

    private static boolean isUsable(Path python, Question question) {
        return answer(List.of(python.toString(), "--version"), question)
                .filter(text -> text.startsWith("Python ") && !text.startsWith("Python 2"))
                .isPresent();
    }

    /** What the program prints, if it ends well and in time. */
    private static Optional<String> answer(List<String> command, Question question) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(question.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(question.environment());
        try {
            Process process = builder.start();
            try (InputStream in = process.getInputStream()) {
                process.getOutputStream().close();
                // What it prints fits into the pipe; if it does not, it is not an answer, and the time ends it.
                boolean ended = process.waitFor(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                return ended && process.exitValue() == 0
                        ? Optional.of(new String(in.readNBytes(LONGEST_ANSWER_BYTES), StandardCharsets.UTF_8).strip())
                        : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty(); // it cannot be run, so it is not the one
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChildException("interrupted while asking '" + String.join(" ", command) + "'", e);
        }
    }
}
