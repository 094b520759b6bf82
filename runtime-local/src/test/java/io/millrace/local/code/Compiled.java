package io.millrace.local.code;

import io.millrace.node.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Class files that a test has compiled, in a directory of their own. */
public final class Compiled {
    private final Path sources;
    private final Path classes;

    public Compiled(Path directory) {
        sources = directory.resolve("src");
        classes = directory.resolve("classes");
    }

    /** @param name with its package; {@code module-info} for a module's description */
    public Compiled source(String name, String text) throws IOException {
        Path file = sources.resolve(name.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** An operator whose {@code toString} says the text. */
    public Compiled operator(String name, String text) throws IOException {
        int dot = name.lastIndexOf('.');
        return source(name, """
                package %s;
                public class %s implements io.millrace.node.Operator {
                    @Override public String toString() { return "%s"; }
                }
                """.formatted(name.substring(0, dot), name.substring(dot + 1), text));
    }

    /** @return the directory with the class files */
    public Path compile(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-cp", classPath()));
        arguments.addAll(List.of(options));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new AssertionError("javac has refused " + arguments);
        }
        return classes;
    }

    /** Makes the class file one of a Java that does not exist yet. */
    void age(String name) throws IOException {
        Path file = classes.resolve(name.replace('.', '/') + ".class");
        byte[] bytes = Files.readAllBytes(file);
        bytes[6] = 0; // the major version, big-endian
        bytes[7] = (byte) 199;
        Files.write(file, bytes);
    }

    private static String classPath() {
        try {
            return Path.of(Node.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
