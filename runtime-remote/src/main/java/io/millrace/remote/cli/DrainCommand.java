package io.millrace.remote.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace drain}. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = {
            "Takes a machine out of use: its executor gets no new nodes, and those that may move go elsewhere.",
            "Nodes that name the machine stay until their dataflow ends."
        },
        footer = {"", "Exit code: 0 the masters know, 3 there is no such machine, 69 no master was reached."})
final class DrainCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MACHINE", description = "The machine id of the executor.")
    @SuppressWarnings("NullAway.Init")
    private String machine;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    DrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(cluster -> {
            cluster.drain(machine);
            console.out()
                    .print(
                            options.isJson()
                                    ? Json.write(Map.of("machine", machine, "condition", "draining"))
                                    : "machine '" + Printable.line(machine) + "' is draining\n");
            return ExitCode.OK;
        });
    }
}
