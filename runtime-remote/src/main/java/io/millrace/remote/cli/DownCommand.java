package io.millrace.remote.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = {
            "Ends the cluster that 'millrace up' has started: first the executor, in order, then the master.",
            "What the master knows stays in its directory."
        },
        footer = {"", "Exit code: 0 neither runs any more, 1 one had to be killed."})
final class DownCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final HomeOption home = new HomeOption();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "45s",
            description = "How long each of them has to end. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration grace;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        int code = ExitCode.OK;
        if (!Files.isDirectory(home.directory())) {
            told.put("executor", words(BackgroundProcess.Stopped.DID_NOT_RUN));
            told.put("master", words(BackgroundProcess.Stopped.DID_NOT_RUN));
        } else {
            try {
                code = home.locked(() -> Math.max(stop(home.executor(), told), stop(home.master(), told)));
            } catch (IOException e) {
                return new Complaint(console, json).tell(ExitCode.FAILED, String.valueOf(e.getMessage()));
            }
        }
        if (json) {
            console.out().print(Json.write(told));
        } else {
            told.forEach((name, how) -> console.out().println(name + " " + how));
        }
        return code;
    }

    private int stop(BackgroundProcess process, Map<String, @Nullable Object> told)
            throws IOException, InterruptedException {
        BackgroundProcess.Stopped how = process.stop(grace);
        told.put(process.name(), words(how));
        return how == BackgroundProcess.Stopped.KILLED ? ExitCode.FAILED : ExitCode.OK;
    }

    private static String words(BackgroundProcess.Stopped how) {
        return switch (how) {
            case DID_NOT_RUN, KILLED -> how.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            case IN_ORDER -> "stopped";
        };
    }
}
