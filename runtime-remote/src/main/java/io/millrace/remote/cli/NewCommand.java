package io.millrace.remote.cli;

import io.millrace.local.process.ProgramSearch;
import io.millrace.node.Node;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace new}. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Makes a small dataflow of your own that runs at once.",
        footer = {
            "",
            "Languages: java, nodes in Java alone; python, programs in Python alone, as dora runs them; mixed, a Python program between two Java nodes.",
            "Exit code: 0 it is made, 1 the files cannot be written, 2 the directory or the name cannot be used."
        })
final class NewCommand implements Callable<Integer> {
    /** As what a project, a Maven artifact and a dataflow may be called. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /** What is a text without quotes, whoever reads the file: no number, date or word with a meaning. */
    private static final Pattern PLAIN_IN_YAML = Pattern.compile("(?i)(?!(true|false|null|yes|no|on|off|y|n)$)[a-z].*");

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to make it: a directory that is empty or not there yet.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Option(
            names = {"-l", "--language"},
            paramLabel = "LANGUAGE",
            defaultValue = "java",
            description = "What its nodes are written in: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private ProjectTemplate language;

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called. Default: as the directory.")
    private @Nullable String givenName;

    NewCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String name = name();
        checkIsFree();
        try {
            List<Path> made = language.write(directory, values(name));
            made.forEach(file -> console.out().println(file));
            tellHowToGoOn();
            return ExitCode.OK;
        } catch (IOException e) {
            console.err().println("error: the project cannot be written: " + Printable.line(e.toString()));
            return ExitCode.FAILED;
        }
    }

    private String name() {
        String name = givenName != null
                ? givenName
                : Objects.toString(directory.toAbsolutePath().normalize().getFileName(), "");
        if (!NAME.matcher(name).matches()) {
            throw refuse(
                    "'" + name + "' is no name for a project: expected up to 64 letters of A to Z, digits, '_', '.'"
                            + " and '-', the first a letter or digit; choose one with --name");
        }
        return name;
    }

    private void checkIsFree() {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw refuse("'" + directory + "' is a file: expected a directory that is empty or not there yet");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                throw refuse("'" + directory + "' is not empty, it has '" + entry.getFileName()
                        + "': expected a directory that is empty or not there yet");
            }
        } catch (IOException e) {
            throw refuse("'" + directory + "' cannot be looked into: " + e.getMessage());
        }
    }

    private ParameterException refuse(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    private static Map<String, String> values(String name) {
        String version = NewCommand.class.getPackage().getImplementationVersion();
        return Map.of(
                "NAME",
                name,
                "YAMLNAME",
                PLAIN_IN_YAML.matcher(name).matches() ? name : "'" + name + "'",
                "VERSION",
                Objects.requireNonNullElse(version, "0"),
                "JAR",
                escaped(apiJar()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Where the types of node authors are on this machine. */
    private static String apiJar() {
        try {
            return Path.of(Node.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class is loaded from what is no address", e);
        }
    }

    private void tellHowToGoOn() {
        Path file = directory.resolve("dataflow.yml");
        console.out().println();
        console.out().println("Now:");
        for (String command : List.of("build", "run")) {
            console.out().println("  " + self() + " " + command + " " + quoted(file.toString()));
        }
    }

    /** As it can be called from here. */
    private static String self() {
        boolean isInPath = new ProgramSearch(System.getenv(), Path.of("").toAbsolutePath())
                .look("millrace")
                .isPresent();
        return isInPath ? "millrace" : quoted(System.getProperty(Console.LAUNCHER_PROPERTY, "millrace"));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
