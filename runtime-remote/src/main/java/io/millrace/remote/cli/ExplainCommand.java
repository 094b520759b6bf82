package io.millrace.remote.cli;

import io.millrace.remote.Job;
import io.millrace.runtime.Stall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description =
                "Says who holds the nodes of a job up: whose code has not come back, since when, and where it is.",
        footer = {"", "Exit code: 0 it was answered, 3 there is no such job, 69 no master was reached."})
final class ExplainCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final JobArgument job = new JobArgument();

    @Mixin
    private final ClientOptions options = new ClientOptions();

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(cluster -> {
            Job meant = job.choose(cluster);
            List<Stall> stalls = cluster.attach(meant.id()).explainStall();
            if (options.isJson()) {
                console.out()
                        .print(Json.write(
                                stalls.stream().map(ExplainCommand::toJson).toList()));
            } else if (stalls.isEmpty()) {
                console.out().println("nobody holds the others up");
            } else {
                stalls.forEach(stall -> stall.toString()
                        .lines()
                        .forEach(line -> console.out().println(Printable.line(line.replace("\t", "    ")))));
            }
            return ExitCode.OK;
        });
    }

    private static Map<String, @Nullable Object> toJson(Stall stall) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("holder", stall.holder().name().toLowerCase(Locale.ROOT));
        json.put("name", stall.name());
        json.put("machine", stall.machine().orElse(null));
        json.put("edges", stall.edges());
        json.put("heldForSeconds", stall.heldFor().toMillis() / 1e3);
        json.put(
                "stack", stall.stack().stream().map(StackTraceElement::toString).toList());
        return json;
    }
}
