package io.millrace.remote.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code millrace}. */
public final class Main {
    private Main() {}

    /** Ends the process with one of the documented exit codes. */
    public static void main(String[] args) {
        System.exit(execute(Console.ofProcess(), args));
    }

    /** Does what the arguments say and returns the exit code; does not end the process. */
    static int execute(Console console, String... args) {
        return commandLine(console)
                .setUsageHelpWidth(Math.max(60, console.columns()))
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.outIsColoured() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((error, arguments) -> explain(console, error, arguments))
                .setExecutionExceptionHandler((error, command, parsed) -> confess(console, error))
                .execute(args);
    }

    /** All commands. */
    static CommandLine commandLine(Console console) {
        return new CommandLine(new MillraceCommand())
                .addSubcommand(new RunCommand(console))
                .addSubcommand(new CheckCommand(console))
                .addSubcommand(new GraphCommand(console))
                .addSubcommand(new BuildCommand(console))
                .addSubcommand(new NewCommand(console))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new CertsCommand(console))
                .addSubcommand(new UpCommand(console))
                .addSubcommand(new DownCommand(console))
                .addSubcommand(new MasterCommand(console))
                .addSubcommand(new ExecutorCommand(console))
                .addSubcommand(new StartCommand(console))
                .addSubcommand(new StopCommand(console))
                .addSubcommand(new ListCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new AttachCommand(console))
                .addSubcommand(new LogsCommand(console))
                .addSubcommand(new TopCommand(console))
                .addSubcommand(new EchoCommand(console))
                .addSubcommand(new HzCommand(console))
                .addSubcommand(new PublishCommand(console))
                .addSubcommand(new RecordCommand(console))
                .addSubcommand(node(console))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new DrainCommand(console))
                .addSubcommand(new CompletionCommand(console))
                .addSubcommand(new HelpCommand());
    }

    private static CommandLine node(Console console) {
        return new CommandLine(new NodeCommand())
                .addSubcommand(new NodeCommand.Restart(console))
                .addSubcommand(new NodeCommand.Stop(console));
    }

    /** A command that cannot be understood: what is wrong, what was perhaps meant, and where to read on. */
    private static int explain(Console console, ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        console.err().println(name + ": " + Printable.line(String.valueOf(error.getMessage())));
        PrintWriter err = command.getErr();
        UnmatchedArgumentException.printSuggestions(error, err);
        err.flush();
        console.err().println("Try '" + name + " --help'.");
        boolean json = command.getCommandSpec().findOption("--json") != null
                && List.of(arguments).contains("--json");
        return new Complaint(console, json).tellPrograms(ExitCode.INVALID, String.valueOf(error.getMessage()));
    }

    private static int confess(Console console, Exception error) {
        console.err().println("millrace: this is a fault of Millrace, please report it:");
        error.printStackTrace(console.err());
        return ExitCode.INTERNAL;
    }
}
