package io.millrace.benchmarks.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Soaks for as long as it is told, and prints what stands in {@code docs/soak.md}. */
@Command(
        name = "benchmarks/soak",
        mixinStandardHelpOptions = true,
        description = "Runs everything at once at full rate, and sees whether anything grows or any message is lost.",
        sortOptions = false)
public final class Soak implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = Durations.class,
            description = "Such as 30s, 10m, 1h (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Parameters(
            index = "1",
            paramLabel = "SEED",
            defaultValue = "1",
            description = "Of sizes, failures and visits (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Soak()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakResult result = new SoakRun(duration, seed).run();
        PrintWriter out = spec.commandLine().getOut();
        result.lines("benchmarks/soak "
                        + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                .forEach(out::println);
        out.flush();
        return result.isGood() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** A number and a unit. */
    static final class Durations implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([smh])");
        private static final Duration LEAST = Duration.ofSeconds(4); // else there are too few samples to compare

        @Override
        public Duration convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no duration: expected one such as 30s, 10m or 1h");
            }
            TimeUnit unit = switch (matcher.group(2)) {
                case "s" -> TimeUnit.SECONDS;
                case "m" -> TimeUnit.MINUTES;
                default -> TimeUnit.HOURS;
            };
            Duration duration = Duration.of(Long.parseLong(matcher.group(1)), unit.toChronoUnit());
            if (duration.compareTo(LEAST) < 0) {
                throw new TypeConversionException(
                        "'" + text + "' is too short: expected at least " + LEAST.toSeconds() + "s");
            }
            return duration;
        }
    }
}
