package io.millrace.remote.cli;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where the classes of nodes are found: the option, and the variable for those who always need the same. */
final class ClassPathOption {
    static final String VARIABLE = "MILLRACE_CLASSPATH";

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-cp", "--class-path"},
            paramLabel = "PATH",
            description = {
                "Jars and directories that hold the classes of nodes, with '${sys:path.separator}' between them; DIR/* stands for all jars in DIR.",
                "After them come those of the environment variable " + VARIABLE + "."
            })
    private @Nullable String classPath;

    /** The files and directories, as they are now, absolute. */
    List<URL> entries(Optional<String> variable) {
        List<URL> entries = new ArrayList<>();
        if (classPath != null) {
            entries.addAll(entries("--class-path", classPath));
        }
        variable.ifPresent(value -> entries.addAll(entries(VARIABLE, value)));
        return entries;
    }

    /** A loader over all entries, or empty where there are none. Opens no file before it is asked for a class. */
    Optional<ClassLoader> loader(Optional<String> variable) {
        List<URL> entries = entries(variable);
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(new URLClassLoader(
                        entries.toArray(URL[]::new), getClass().getClassLoader()));
    }

    private List<URL> entries(String origin, String value) {
        List<URL> entries = new ArrayList<>();
        for (String entry : value.split(Pattern.quote(File.pathSeparator), -1)) {
            if (!entry.isBlank()) {
                entries.addAll(entry(origin, entry));
            }
        }
        return entries;
    }

    private List<URL> entry(String origin, String text) {
        try {
            boolean all = text.equals("*") || text.endsWith("/*") || text.endsWith(File.separator + "*");
            Path path = Path.of(all ? text.substring(0, text.length() - 1) : text);
            if (all ? !Files.isDirectory(path) : !Files.exists(path)) {
                throw refuse(origin, "there is no '" + path + "'");
            }
            return all ? jarsIn(path) : List.of(url(path));
        } catch (InvalidPathException | IOException e) {
            throw refuse(origin, "cannot read '" + text + "': " + e.getMessage());
        }
    }

    private static List<URL> jarsIn(Path directory) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.{jar,JAR}")) {
            found.forEach(jars::add);
        }
        jars.sort(null);
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(url(jar));
        }
        return urls;
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private ParameterException refuse(String origin, String reason) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), origin + ": " + reason);
    }
}
