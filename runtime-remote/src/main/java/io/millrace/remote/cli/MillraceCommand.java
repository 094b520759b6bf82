package io.millrace.remote.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace} without a command: asks for one. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        description = "Runs, checks and draws dataflows.",
        versionProvider = VersionProvider.class,
        footer = {"", "'millrace COMMAND --help' tells more about a command."})
final class MillraceCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
