package io.millrace.remote.cli;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.remote.cli.diagram.HtmlPage;
import io.millrace.remote.cli.diagram.Mermaid;
import io.millrace.remote.cli.diagram.TooLargeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace graph}. */
@Command(
        name = "graph",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Draws a dataflow: prints a Mermaid flowchart, or writes one HTML page that needs nothing else.",
        footer = {
            "",
            "Files that the nodes name need not exist.",
            "Exit code: 0 it was drawn, 2 the file or the command cannot be used."
        })
final class GraphCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The dataflow file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--html", paramLabel = "PAGE", description = "Writes an HTML page to this file.")
    private @Nullable Path html;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            description =
                    "Writes to this file instead of printing: an HTML page if it ends in .html or .htm, else Mermaid.")
    private @Nullable Path output;

    GraphCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Logging.configure(false);
        CheckResult check =
                Dataflow.check(file, LoadOptions.builder().checkPaths(false).build());
        Problems.print(
                check.problems().stream()
                        .filter(problem -> problem.severity() != Problem.Severity.NOTE)
                        .toList(),
                console.err(),
                console.errIsColoured());
        if (check.dataflow().isEmpty()) {
            return ExitCode.INVALID;
        }
        Graph graph = check.dataflow().get().graph();
        if (html != null) {
            write(html, page(graph));
        }
        if (output != null) {
            write(output, isPage(output) ? page(graph) : Mermaid.of(graph));
        }
        if (html == null && output == null) {
            console.out().print(Mermaid.of(graph));
        }
        return ExitCode.OK;
    }

    private static boolean isPage(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".html") || name.endsWith(".htm");
    }

    private String page(Graph graph) {
        try {
            return HtmlPage.of(graph);
        } catch (TooLargeException e) {
            throw new ParameterException(
                    spec.commandLine(), e.getMessage() + ": print it as Mermaid, or draw a part of it", e);
        }
    }

    private void write(Path target, String text) {
        try {
            Files.writeString(target, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot write '" + target + "': " + reason(e), e);
        }
        console.err().println("wrote " + Printable.line(target.toString()));
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return "its directory does not exist";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.toString();
    }
}
