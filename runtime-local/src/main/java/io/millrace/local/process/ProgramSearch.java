package io.millrace.local.process;

import io.millrace.workdir.SearchPath;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a program is found by its name: the virtual environment of {@code VIRTUAL_ENV}, then {@code PATH}, both as the program that is
 * started will see them. Any thread; looks at files.
 */
public final class ProgramSearch {
    private final List<Path> directories;
    private final SearchPath searchPath;

    /** @param directory from which relative entries of PATH are seen; absolute */
    public ProgramSearch(Map<String, String> environment, Path directory) {
        Optional<String> virtualEnv = Optional.ofNullable(environment.get("VIRTUAL_ENV"))
                .filter(text -> !text.isBlank())
                .map(text -> text + "/bin");
        List<String> entries = Arrays.stream(
                        environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .toList();
        List<String> all = new ArrayList<>(virtualEnv.stream().toList());
        all.addAll(entries);
        searchPath = new SearchPath(virtualEnv, entries);
        directories = all.stream().flatMap(entry -> resolve(directory, entry)).toList();
    }

    private static Stream<Path> resolve(Path directory, String entry) {
        try {
            return Stream.of(directory.resolve(entry));
        } catch (InvalidPathException nothingCanBeThere) {
            return Stream.empty();
        }
    }

    /** The same places in the terms of the working-directory rules. */
    public SearchPath searchPath() {
        return searchPath;
    }

    /** The first executable file of that name. */
    public Optional<Path> look(String name) {
        return directories.stream()
                .flatMap(directory -> resolve(directory, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /**
     * The first executable file of that name.
     *
     * @throws ChildException if there is none
     */
    public Path find(String name) {
        return look(name)
                .orElseThrow(() -> new ChildException(
                        "the command '" + name + "' is in none of " + inWords() + ": install it, or write its path"));
    }

    String inWords() {
        return directories.isEmpty()
                ? "the directories of PATH, which has none"
                : directories.stream()
                        .map(Path::toString)
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
    }
}
