package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ClassPathOptionTest {
    @TempDir
    private Path directory;

    @Command(name = "test")
    private static final class Owner {
        @Mixin
        private final ClassPathOption classPath = new ClassPathOption();
    }

    private static Optional<ClassLoader> loader(Optional<String> variable, String... arguments) {
        Owner owner = new Owner();
        new CommandLine(owner).parseArgs(arguments);
        return owner.classPath.loader(variable);
    }

    private static List<Path> entries(Optional<ClassLoader> loader) throws Exception {
        try (URLClassLoader found = (URLClassLoader) loader.orElseThrow()) {
            return Arrays.stream(found.getURLs())
                    .map(url -> Path.of(url.getPath()))
                    .toList();
        }
    }

    private Path touch(String name) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.createFile(path);
    }

    @Test
    void shouldHaveNoLoaderWhenNothingIsGiven() {
        assertThat(loader(Optional.empty())).isEmpty();
        assertThat(loader(Optional.of(" "))).isEmpty();
    }

    @Test
    void shouldTakeTheOptionFirstWhenTheVariableIsSetToo() throws Exception {
        Path jar = touch("a.jar");
        Path other = touch("b.jar");

        assertThat(entries(loader(Optional.of(other.toString()), "-cp", jar + File.pathSeparator + directory)))
                .containsExactly(jar, directory, other);
    }

    @Test
    void shouldTakeAllJarsWhenAnEntryEndsInAStar() throws Exception {
        Path second = touch("lib/b.jar");
        Path first = touch("lib/a.JAR");
        touch("lib/notes.txt");

        assertThat(entries(loader(Optional.empty(), "--class-path", directory.resolve("lib") + File.separator + "*")))
                .containsExactly(first, second);
    }

    @Test
    void shouldNameOptionAndEntryWhenThereIsNoSuchFile() {
        String missing = directory.resolve("missing.jar").toString();

        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> loader(Optional.empty(), "-cp", missing))
                .withMessage("--class-path: there is no '" + missing + "'");
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> loader(Optional.of(missing)))
                .withMessage("MILLRACE_CLASSPATH: there is no '" + missing + "'");
    }
}
