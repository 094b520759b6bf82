package io.millrace.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What has to be known of the place where something was measured. */
public final class Machine {
    private static final String UNKNOWN = "unknown";

    private Machine() {}

    /** Processor, cores, system. */
    public static String description() throws IOException {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + " " + release(System.getProperty("os.version"));
    }

    /** What comes after the first two numbers says more of who built the system than of how it works. */
    private static String release(String version) {
        String[] numbers = version.split("\\.", 3);
        return numbers.length < 2 ? version : numbers[0] + "." + numbers[1];
    }

    public static String jdk() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    /** Of this JVM. */
    public static String flags() {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Dmillrace."))
                .toList();
        return flags.isEmpty() ? "none" : String.join(" ", flags);
    }

    /** Of the sources, as the script that started this JVM said. */
    public static String commit() {
        return System.getProperty("millrace.commit", UNKNOWN);
    }

    private static String processor() throws IOException {
        Path description = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(description)) {
            return System.getProperty("os.arch", UNKNOWN);
        }
        return Files.readAllLines(description).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch", UNKNOWN));
    }
}
