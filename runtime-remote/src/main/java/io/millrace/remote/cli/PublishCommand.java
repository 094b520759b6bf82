package io.millrace.remote.cli;

import io.millrace.node.SendResult;
import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.remote.wire.Durations;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace publish}. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = {
            "Sends messages to the inputs of a job that read millrace/app/NAME: each text is one; without any, each line of standard input."
        },
        footer = {
            "",
            "Exit code: 0 all have arrived; 1 the inputs have closed, or had no room for so long; 3 there is no such job or name; 69 no master was reached."
        })
final class PublishCommand implements Callable<Integer> {
    private static final int MAX_LINE = 1 << 20;
    private static final long BETWEEN_LOOKS_MS = 50;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's name or id.")
    @SuppressWarnings("NullAway.Init")
    private String job;

    @Parameters(index = "1", paramLabel = "NAME", description = "As in millrace/app/NAME.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Parameters(index = "2..*", paramLabel = "TEXT", description = "Messages.")
    private List<String> texts = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "Sends this file's bytes as one message instead.")
    private @Nullable Path file;

    @Option(names = "--close", description = "Closes the inputs afterwards: nothing more comes, and nodes may end.")
    private boolean close;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long a message waits for room. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration wait;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    private long sent;

    PublishCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (file != null && !texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "either texts or --file can be sent, not both");
        }
        return new ClusterTask(console, options).run(this::publish);
    }

    private int publish(Cluster cluster) throws InterruptedException {
        Job meant = JobChoice.named(cluster, job);
        if (meant.state().isFinal()) {
            throw new NoSuchThingException("job '" + meant.name() + "' has ended: nobody reads any more");
        }
        RunningDataflow running = cluster.attach(meant.id());
        Publisher publisher = Outputs.publisher(running, name);
        long before = arrived(running);
        SendResult result;
        try {
            result = send(publisher);
        } catch (IOException e) {
            return new Complaint(console, options.isJson())
                    .tell(ExitCode.INVALID, "what is to be sent cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException | IllegalStateException e) { // larger than who reads it takes, or than memory
            return new Complaint(console, options.isJson()).tell(ExitCode.INVALID, String.valueOf(e.getMessage()));
        }
        boolean haveArrived = awaitArrival(running, before);
        if (close) {
            publisher.close();
        }
        return tell(result, haveArrived);
    }

    /** What was taken stands in this process until it has gone over the network, and would be lost with it. */
    private boolean awaitArrival(RunningDataflow running, long before) throws InterruptedException {
        long deadlineNs = System.nanoTime() + Durations.nanos(wait);
        long wanted = sent * edges(running).count();
        while (arrived(running) - before < wanted && !running.state().isFinal()) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS_MS);
        }
        return true;
    }

    private Stream<DataflowStatus.EdgeStatus> edges(RunningDataflow running) {
        String source = "millrace/app/" + name + " -> ";
        return running.status().edges().stream().filter(edge -> edge.name().startsWith(source));
    }

    /** At those who read the name, each message counted at each of them. */
    private long arrived(RunningDataflow running) {
        return edges(running)
                .mapToLong(edge -> edge.received() + edge.dropped() + edge.conflated() + edge.discarded())
                .sum();
    }

    /** Up to the first that is not taken. */
    private SendResult send(Publisher publisher) throws IOException, InterruptedException {
        if (file != null) {
            return count(publisher.send(ByteBuffer.wrap(Files.readAllBytes(file)), wait));
        }
        if (!texts.isEmpty()) {
            SendResult result = SendResult.ACCEPTED;
            for (int i = 0; i < texts.size() && result == SendResult.ACCEPTED; i++) {
                result = count(publisher.send(texts.get(i), wait));
            }
            return result;
        }
        return sendLines(publisher);
    }

    private SendResult sendLines(Publisher publisher) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SendResult result = SendResult.ACCEPTED;
        for (String line = lines.readLine(); line != null && result == SendResult.ACCEPTED; line = lines.readLine()) {
            if (line.length() > MAX_LINE) {
                throw new IOException("a line has more than " + MAX_LINE + " characters");
            }
            result = count(publisher.send(line, wait));
        }
        return result;
    }

    private SendResult count(SendResult result) {
        if (result == SendResult.ACCEPTED) {
            sent++;
        }
        return result;
    }

    private int tell(SendResult result, boolean haveArrived) {
        int code = result == SendResult.ACCEPTED && haveArrived ? ExitCode.OK : ExitCode.FAILED;
        String why = switch (result) {
            case ACCEPTED -> "";
            case FULL -> ", and no room for the next one within " + Units.elapsed(wait);
            case CLOSED -> ", and then the inputs had closed";
        };
        if (options.isJson()) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("sent", sent);
            json.put("result", result.name().toLowerCase(Locale.ROOT));
            json.put("arrived", haveArrived);
            json.put("exitCode", code);
            console.out().print(Json.write(json));
        } else {
            console.err()
                    .println("millrace: sent " + Units.counted(sent, "message") + why
                            + (haveArrived
                                    ? ""
                                    : "; whether all have arrived is not known after " + Units.elapsed(wait)));
        }
        return code;
    }
}
