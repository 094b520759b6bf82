package io.millrace.local.nativecode;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The operator in {@code operator.c}, compiled by a test. */
public final class Library {
    private Library() {}

    /** Skips the test where native code cannot be called or compiled. */
    public static void assumePossible() {
        Assumptions.assumeTrue(NativeSupport.obstacle().isEmpty(), "needs a Java of 22 or later");
        assumeCompiler();
    }

    /** Skips the test where there is no C compiler. */
    public static void assumeCompiler() {
        Assumptions.assumeTrue(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "cc"))),
                "needs the C compiler 'cc'");
    }

    /** Into {@code directory}, as {@code libNAME.so}. */
    public static Path compile(Path directory, String name, String... macros) {
        Path library = directory.resolve("lib" + name + ".so");
        List<String> command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-O1", "-o", library.toString()));
        Arrays.stream(macros).map("-D"::concat).forEach(command::add);
        try (InputStream source = Library.class.getResourceAsStream("operator.c")) {
            Path file = directory.resolve("operator.c");
            Files.copy(Objects.requireNonNull(source), file, StandardCopyOption.REPLACE_EXISTING);
            command.add(file.toString());
            Process compiler =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
                throw new AssertionError("cc has refused " + command + ": " + said);
            }
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while cc was at work", e);
        }
    }
}
