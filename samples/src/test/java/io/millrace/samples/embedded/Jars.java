package io.millrace.samples.embedded;

import io.millrace.Dataflow;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A module of the library as it was built, with everything that comes with it. */
record Jars(List<Path> paths) {

    /** The core, with what an application gets that depends on it alone. */
    static Jars ofCore() throws IOException, URISyntaxException {
        Path own = Path.of(Dataflow.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Path> paths = new ArrayList<>(List.of(own));
        paths.addAll(listed(Path.of("..", "dataflow-core")));
        return new Jars(List.copyOf(paths));
    }

    /** The local runtime, with what an application gets that depends on it alone, as the samples do. */
    static Jars ofRuntime() throws IOException {
        return new Jars(listed(Path.of("")));
    }

    /** Written by the build of the module in this directory: its dependencies, of Maven's own reckoning. */
    private static List<Path> listed(Path module) throws IOException {
        String brings = Files.readString(module.resolve(Path.of("target", "brings.classpath")));
        return Stream.of(brings.strip().split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    /** False before "package", when modules are directories of classes. */
    boolean arePackaged() {
        return paths.stream().allMatch(Files::isRegularFile);
    }

    long bytes() {
        return paths.stream().mapToLong(Jars::size).sum();
    }

    String asPath() {
        return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        String names = paths.stream()
                .map(path -> path.getFileName() + " " + size(path) / 1024)
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%d jars, %d KiB (%s)", paths.size(), bytes() / 1024, names);
    }
}
