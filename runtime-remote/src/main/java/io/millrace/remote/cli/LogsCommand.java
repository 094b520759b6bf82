package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.remote.JobLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Prints what the nodes of a job log, from all executors, in the order of its times.",
        footer = {
            "",
            "Each executor holds the last 256 KiB of each node: while the job is under way, and for some time after its end.",
            "With --follow until the job has ended, or Ctrl-C; the job runs on.",
            "Exit code: 0 it was printed, or there is nothing; 3 there is no such job or node; 69 no master was reached."
        })
final class LogsCommand implements Callable<Integer> {
    private static final long LOOK_AROUND_MS = 200;

    private final Console console;

    @Mixin
    private final JobArgument job = new JobArgument();

    @Option(names = "--node", paramLabel = "NODE", description = "Only this node, or this operator as node/operator.")
    private String node = "";

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            converter = LevelConverter.class,
            completionCandidates = LevelConverter.class,
            description =
                    "Only this level and above: ${COMPLETION-CANDIDATES}. Below info there is what nodes with a min_log_level log.")
    private Level level = Level.TRACE;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is logged from now on.")
    private boolean follow;

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "N",
            description = "Begins with the last N of what there is; 0 for nothing of it.")
    private int tail = Integer.MAX_VALUE;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    private final Set<String> knownSilent = new TreeSet<>();

    LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(this::print);
    }

    private int print(Cluster cluster) throws InterruptedException {
        Job meant = job.choose(cluster);
        JobLog log = cluster.log(meant.id(), node, level);
        JobLog.News first = log.next();
        tellWhatIsMissing(first);
        List<JobLog.Line> lines = first.lines();
        printAll(lines.subList(Math.max(0, lines.size() - Math.max(0, tail)), lines.size()));
        if (!follow || log.isOver()) {
            if (lines.isEmpty()) {
                tellNothing(meant);
            }
            return ExitCode.OK;
        }
        try (Looking looking = new Looking()) {
            // Who reads may have seen enough.
            while (!log.isOver() && !console.out().checkError() && !looking.awaitEnd(LOOK_AROUND_MS)) {
                JobLog.News news = log.next();
                tellWhatIsMissing(news);
                printAll(news.lines());
            }
        }
        return ExitCode.OK;
    }

    private void tellNothing(Job meant) {
        String of = node.isEmpty() ? "job '" + meant.name() + "'" : "node '" + node + "' of job '" + meant.name() + "'";
        String why = meant.state().isFinal()
                ? "nothing was logged, or its executors do not hold it any more"
                : "nothing was logged yet";
        console.err().println(Printable.line("millrace: of " + of + " there is nothing: " + why));
    }

    /** Each once, but for lines that get lost anew. */
    private void tellWhatIsMissing(JobLog.News news) {
        if (!news.lost().isEmpty()) {
            String counted = news.lost().entrySet().stream()
                    .map(lost -> Units.count(lost.getValue()) + " of " + lost.getKey())
                    .collect(Collectors.joining(", "));
            console.err().println(Printable.line("millrace: older lines are not held any more: " + counted));
        }
        news.silent().forEach((machine, reason) -> {
            if (knownSilent.add(machine)) {
                console.err().println(Printable.line("warning: nothing from machine '" + machine + "': " + reason));
            }
        });
        knownSilent.retainAll(news.silent().keySet());
    }

    private void printAll(List<JobLog.Line> lines) {
        for (JobLog.Line line : lines) {
            console.out().print(options.isJson() ? json(line) : text(line));
        }
        console.out().flush();
    }

    /** Further lines of one record are moved in, so that a reader sees where the next begins. */
    private static String text(JobLog.Line line) {
        List<String> rows = new ArrayList<>(Printable.of(line.text()).lines().toList());
        String first = rows.isEmpty() ? "" : rows.remove(0);
        StringBuilder text = new StringBuilder("%s  %-5s  %s@%s  %s\n"
                .formatted(RecordingText.time(line.time()), line.level(), line.node(), line.machineId(), first));
        rows.forEach(row -> text.append("    ").append(row).append('\n'));
        return text.toString();
    }

    private static String json(JobLog.Line line) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("time", line.time().toString());
        json.put("machine", line.machineId());
        json.put("node", line.node());
        json.put("level", line.level().name().toLowerCase(Locale.ROOT));
        json.put("text", line.text());
        return Json.line(json);
    }

    /** Reads a level in small letters or large ones. */
    static final class LevelConverter implements ITypeConverter<Level>, Iterable<String> {
        private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

        @Override
        public Level convert(String text) {
            if (!LEVELS.contains(text.toLowerCase(Locale.ROOT))) {
                throw new TypeConversionException(
                        "expected one of " + String.join(", ", LEVELS) + ", found '" + text + "'");
            }
            return Level.valueOf(text.toUpperCase(Locale.ROOT));
        }

        /** What a shell completes. */
        @Override
        public Iterator<String> iterator() {
            return LEVELS.iterator();
        }
    }
}
