package io.millrace.workdir;

import java.util.Optional;

/**
 * What an executor knows about itself.
 *
 * @param machine how messages name it
 * @param baseDirectory below which it keeps what belongs to jobs, absolute on this machine
 * @param home of the user it runs as, absolute on this machine
 * @param requireWorkingDir whether falling back on the home directory is an error
 * @param allowShell whether nodes may run shell command lines
 */
public record ExecutorFacts(
        String machine,
        OperatingSystem operatingSystem,
        String baseDirectory,
        String home,
        SearchPath searchPath,
        boolean requireWorkingDir,
        boolean allowShell,
        FileView files) {

    /**
     * Checks the facts.
     *
     * @throws IllegalArgumentException if the base directory or the home is not absolute on this machine
     */
    public ExecutorFacts {
        PathSyntax syntax = operatingSystem.pathSyntax();
        if (!syntax.isAbsolute(baseDirectory) || !syntax.isAbsolute(home)) {
            throw new IllegalArgumentException("base directory '" + baseDirectory + "' and home '" + home
                    + "' must be absolute on " + operatingSystem);
        }
    }

    PathSyntax syntax() {
        return operatingSystem.pathSyntax();
    }

    /** What stands there; a path that is not absolute on this machine is missing. */
    FileView.Kind kind(String path) {
        return files.kind(syntax(), path);
    }

    String inWords() {
        return Wording.machine(Optional.of(machine));
    }
}
