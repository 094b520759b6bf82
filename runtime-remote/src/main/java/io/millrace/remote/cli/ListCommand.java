package io.millrace.remote.cli;

import io.millrace.remote.Job;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace list}. */
@Command(
        name = "list",
        aliases = "ps",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Lists the jobs of a cluster.")
final class ListCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Option(
            names = {"-a", "--all"},
            description = "Those that have ended too, as far as the masters remember them.")
    private boolean all;

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(cluster -> {
            List<Job> known = cluster.jobs();
            List<Job> jobs = all ? known : JobChoice.underWay(known);
            console.out()
                    .print(
                            options.isJson()
                                    ? Json.write(
                                            jobs.stream().map(JobText::listed).toList())
                                    : new JobText(ZoneId.systemDefault()).table(jobs));
            return ExitCode.OK;
        });
    }
}
