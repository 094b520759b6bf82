package io.millrace.samples.embedded;

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

/** A module of the library as it was built, with everything that comes with it. */
record Jars(List<Path> paths) {

    /**
     * @param classOfModule any class of the module
     * @param module the module's directory in the repository
     */
    static Jars of(Class<?> classOfModule, String module) throws IOException, URISyntaxException {
        Path own = Path.of(classOfModule
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        // Written by the module's build: the dependencies that an application gets, of Maven's own reckoning.
        String brings = Files.readString(Path.of("..", module, "target", "brings.classpath"))
                .strip();
        List<Path> paths = new ArrayList<>(List.of(own));
        for (String entry : brings.split(File.pathSeparator)) {
            paths.add(Path.of(entry));
        }
        return new Jars(List.copyOf(paths));
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
