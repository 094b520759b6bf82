package io.millrace.samples.embedded;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines for people to read, in a file that CI prints. */
final class Figures {
    private static final Path DIRECTORY = Path.of("target", "figures");

    private final List<String> lines = new ArrayList<>();

    void add(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    void write(String name) throws IOException {
        Files.createDirectories(DIRECTORY);
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(DIRECTORY.resolve(name)))) {
            lines.forEach(out::println);
        }
    }
}
