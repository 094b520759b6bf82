package io.millrace.remote.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds a program as a shell would that stands in a directory, and says what is wrong with it before the system does so in fewer words. */
final class ProgramSearch {
    private ProgramSearch() {}

    /**
     * What to call the program by. Asks the file system.
     *
     * @throws IOException with the reason in words, if it cannot be run
     */
    static String find(String program, Path directory, Map<String, String> environment) throws IOException {
        if (File.separatorChar == '\\') {
            return program; // the suffixes that Windows tries are its own affair
        }
        try {
            if (program.contains("/")) {
                return usable(directory.resolve(program)).toString();
            }
            return inPath(program, directory, environment.getOrDefault("PATH", ""))
                    .orElseThrow(() -> new IOException("there is no program '" + program + "' in the PATH"))
                    .toString();
        } catch (InvalidPathException e) {
            throw new IOException("'" + program + "' is no name of a program: " + e.getReason(), e);
        }
    }

    private static Path usable(Path program) throws IOException {
        if (!Files.exists(program)) {
            throw new IOException("there is no '" + program + "'");
        }
        if (!isProgram(program)) {
            throw new IOException("'" + program + "' is no program: make it executable");
        }
        return program;
    }

    private static Optional<Path> inPath(String program, Path directory, String searchPath) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(searchPath)
                .map(entry -> directory.resolve(entry).resolve(program))
                .filter(ProgramSearch::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
