package io.millrace.local.process;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is started as a child process.
 *
 * @param argv the program, by its absolute path, and its arguments
 * @param environment all variables; nothing is inherited beside them
 * @param directory the working directory, absolute; it may still be missing when the command is made, not when it is started
 */
public record ChildCommand(List<String> argv, Map<String, String> environment, Path directory) {
    private static final String SHELL = "/bin/sh";

    /**
     * Checks the command.
     *
     * @throws IllegalArgumentException if the program or the directory is not absolute
     */
    public ChildCommand {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty() || !Path.of(argv.get(0)).isAbsolute()) {
            throw new IllegalArgumentException("the command " + argv + " does not begin with an absolute path");
        }
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("the directory '" + directory + "' is not absolute");
        }
    }

    /**
     * A program that is a node: {@code .py} runs in Python, all else is executed. Blocks: looks at files, and may ask interpreters.
     *
     * @param file the program found, absolute
     * @param arguments one line, split by {@link ArgumentLine}
     * @throws ChildException if it cannot be started
     */
    public static ChildCommand program(
            Path file,
            Optional<String> arguments,
            Map<String, String> environment,
            Path directory,
            Interpreters known) {
        List<String> argv = new ArrayList<>();
        if (file.toString().endsWith(".py")) {
            ProgramFile.checkReadable(file);
            argv.add(known.python(environment, directory).toString());
            argv.add("-u");
        } else {
            ProgramFile.checkExecutable(file, new ProgramSearch(environment, directory));
        }
        argv.add(file.toString());
        arguments.map(ArgumentLine::split).ifPresent(argv::addAll);
        return new ChildCommand(argv, unbuffered(environment), directory);
    }

    /** For Python, wherever in the program it runs: else what it prints is seen when it ends. */
    private static Map<String, String> unbuffered(Map<String, String> environment) {
        Map<String, String> unbuffered = new LinkedHashMap<>(environment);
        unbuffered.put("PYTHONUNBUFFERED", "1");
        return unbuffered;
    }

    /** A line for the shell. Whether that is allowed has been asked before. Pure. */
    public static ChildCommand shell(String line, Map<String, String> environment, Path directory) {
        return new ChildCommand(List.of(SHELL, "-c", line), unbuffered(environment), directory);
    }

    /**
     * Python that is given a text to run. Blocks as {@link #program} does.
     *
     * @param condaEnv the conda environment to run it in
     * @throws ChildException if there is no interpreter
     */
    public static ChildCommand pythonCode(
            String code,
            Optional<String> condaEnv,
            Map<String, String> environment,
            Path directory,
            Interpreters known) {
        List<String> argv = new ArrayList<>();
        if (condaEnv.isPresent()) {
            Path conda = new ProgramSearch(environment, directory).find("conda");
            argv.addAll(List.of(conda.toString(), "run", "--no-capture-output", "-n", condaEnv.get(), "python"));
        } else {
            argv.add(known.python(environment, directory).toString());
        }
        argv.addAll(List.of("-uc", code));
        return new ChildCommand(argv, environment, directory);
    }

    /**
     * A command as it is written in one line, split by {@link ArgumentLine} and without a shell: a path is seen from the directory, a
     * name is looked for in the virtual environment and in PATH. Blocks: looks at files.
     *
     * @throws ChildException if it cannot be started
     */
    public static ChildCommand line(String line, Map<String, String> environment, Path directory) {
        List<String> words = ArgumentLine.split(line);
        if (words.isEmpty()) {
            throw new ChildException("the command is blank: expected a program and its arguments");
        }
        ProgramSearch search = new ProgramSearch(environment, directory);
        Path program = words.get(0).contains("/") ? resolve(directory, words.get(0)) : search.find(words.get(0));
        ProgramFile.checkExecutable(program, search);
        List<String> argv = new ArrayList<>(words);
        argv.set(0, program.toString());
        return new ChildCommand(argv, environment, directory);
    }

    private static Path resolve(Path directory, String path) {
        try {
            return directory.resolve(path);
        } catch (InvalidPathException e) {
            throw new ChildException("'" + path + "' cannot be a path here: " + e.getReason(), e);
        }
    }

    /** The same command with further variables, which override. Pure. */
    public ChildCommand with(Map<String, String> variables) {
        Map<String, String> merged = new LinkedHashMap<>(environment);
        merged.putAll(variables);
        return new ChildCommand(argv, merged, directory);
    }

    /** Without the environment, which holds secrets. */
    @Override
    public String toString() {
        return String.join(" ", argv) + " in " + directory;
    }
}
