package io.millrace.remote.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How this program is started once more: by the same Java, from the same jar. */
final class OwnProgram {
    private static final String OPTIONS_VARIABLE = "MILLRACE_JAVA_OPTS";
    private static final boolean IS_WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private OwnProgram() {}

    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", IS_WINDOWS ? "java.exe" : "java")
                        .toString(),
                "-Xshare:auto");
    }

    /** With the options that the user gives to every JVM of this program. */
    static List<String> program() {
        List<String> command = new ArrayList<>();
        String options = System.getenv(OPTIONS_VARIABLE);
        if (options != null && !options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        String classPath = System.getProperty("java.class.path", "");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", Path.of(classPath).toAbsolutePath().toString()));
        } else {
            command.addAll(List.of("-cp", absolute(classPath), Main.class.getName()));
        }
        return command;
    }

    /** For the directory in which it is started is another one. */
    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath().toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** What is to stand before a command so that Ctrl-C and the end of this terminal do not reach it; nothing where the system has no such program. */
    static List<String> inASessionOfItsOwn() {
        String path = System.getenv("PATH");
        if (path == null || IS_WINDOWS) {
            return List.of();
        }
        for (String directory : path.split(Pattern.quote(File.pathSeparator), -1)) {
            Path program = Path.of(directory, "setsid");
            if (!directory.isEmpty() && Files.isExecutable(program)) {
                return List.of(program.toString());
            }
        }
        return List.of();
    }

    /** What a process reads that is to read nothing. */
    static File nothing() {
        return new File(IS_WINDOWS ? "NUL" : "/dev/null");
    }
}
