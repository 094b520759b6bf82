package io.millrace.local.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.local.code.Compiled;
import io.millrace.local.code.NodeClass;
import io.millrace.node.Operator;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassLoadersTest {
    private static final ClassLoader PARENT = ClassLoadersTest.class.getClassLoader();
    private static final String SHADOWED = Shadowed.class.getName();

    @TempDir
    private Path directory;

    /** There is another class of this name in the entries of a test. */
    public static class Shadowed implements Operator {
        @Override
        public String toString() {
            return "the parent's";
        }
    }

    private Path entry(String name, String className, String text) throws IOException {
        return new Compiled(directory.resolve(name)).operator(className, text).compile();
    }

    private static String made(ClassLoader loader, String className) throws Exception {
        return NodeClass.find(className, loader).create(Operator.class).toString();
    }

    @Test
    void shouldBeTheParentWithoutEntries() {
        try (ClassLoaders loaders = new ClassLoaders(PARENT)) {
            assertThat(loaders.of(List.of())).isSameAs(PARENT);
        }
    }

    @Test
    void shouldFindWhatOnlyTheEntriesHave() throws Exception {
        try (ClassLoaders loaders = new ClassLoaders(PARENT)) {
            ClassLoader loader = loaders.of(List.of(entry("one", "app.Extra", "extra")));

            assertThat(made(loader, "app.Extra")).isEqualTo("extra");
        }
    }

    @Test
    void shouldPreferTheEntriesToTheParent() throws Exception {
        Path library = directory.resolve("library");
        Path parentClasses = entry("parent", "app.Twice", "the parent's");
        try (java.net.URLClassLoader parent = new java.net.URLClassLoader(
                        new URL[] {parentClasses.toUri().toURL()}, PARENT);
                ClassLoaders loaders = new ClassLoaders(parent)) {
            ClassLoader loader = loaders.of(List.of(
                    new Compiled(library).operator("app.Twice", "the entry's").compile()));

            assertThat(made(loader, "app.Twice")).isEqualTo("the entry's");
            assertThat(made(parent, "app.Twice")).isEqualTo("the parent's");
        }
    }

    @Test
    void shouldPreferTheFirstEntryToTheOthers() throws Exception {
        try (ClassLoaders loaders = new ClassLoaders(PARENT)) {
            Path first = entry("first", "app.Twice", "first");
            Path second = entry("second", "app.Twice", "second");

            assertThat(made(loaders.of(List.of(first, second)), "app.Twice")).isEqualTo("first");
            assertThat(made(loaders.of(List.of(second, first)), "app.Twice")).isEqualTo("second");
        }
    }

    @Test
    void shouldTakeSharedPackagesFromTheParent() throws Exception {
        // In io.millrace, so the parent's: a node and its runtime must mean the same class.
        int dollar = SHADOWED.indexOf('$');
        Path entry = new Compiled(directory)
                .source(SHADOWED.substring(0, dollar), """
                        package io.millrace.local.run;
                        public class ClassLoadersTest {
                            public static class Shadowed implements io.millrace.node.Operator {
                                @Override public String toString() { return "the entry's"; }
                            }
                        }
                        """)
                .compile();
        try (ClassLoaders loaders = new ClassLoaders(PARENT)) {
            ClassLoader loader = loaders.of(List.of(entry));

            assertThat(made(loader, SHADOWED)).isEqualTo("the parent's");
            assertThat(loader.loadClass(Operator.class.getName())).isSameAs(Operator.class);
            assertThat(loader.loadClass("org.slf4j.Logger")).isSameAs(org.slf4j.Logger.class);
            assertThat(loader.loadClass("java.lang.String")).isSameAs(String.class);
            assertThat(loader.loadClass("java.sql.Driver").getClassLoader())
                    .isSameAs(ClassLoader.getPlatformClassLoader());
        }
    }

    @Test
    void shouldFindInTheParentWhatTheEntriesDoNotHave() throws Exception {
        try (ClassLoaders loaders = new ClassLoaders(PARENT)) {
            ClassLoader loader = loaders.of(List.of(entry("one", "app.Extra", "extra")));

            assertThat(loader.loadClass("org.assertj.core.api.Assertions"))
                    .isSameAs(org.assertj.core.api.Assertions.class);
            assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> loader.loadClass("app.Missing"));
        }
    }

    @Test
    void shouldShareALoaderWhenTheEntriesAreEqual() throws Exception {
        Path one = entry("one", "app.One", "1");
        Path two = entry("two", "app.Two", "2");
        try (ClassLoaders loaders = new ClassLoaders(PARENT)) {
            assertThat(loaders.of(List.of(one, two)))
                    .isSameAs(loaders.of(new ArrayList<>(List.of(one, two))))
                    .isNotSameAs(loaders.of(List.of(one)))
                    .isNotSameAs(loaders.of(List.of(two, one)));
        }
    }

    @Test
    void shouldPreferTheEntriesAlsoForResources() throws IOException {
        Path parentEntry = Files.createDirectory(directory.resolve("parent"));
        Path entry = Files.createDirectory(directory.resolve("entry"));
        Files.writeString(parentEntry.resolve("settings.txt"), "the parent's");
        Files.writeString(parentEntry.resolve("only.txt"), "only the parent's");
        Files.writeString(entry.resolve("settings.txt"), "the entry's");
        try (java.net.URLClassLoader parent = new java.net.URLClassLoader(
                        new URL[] {parentEntry.toUri().toURL()}, null);
                ClassLoaders loaders = new ClassLoaders(parent)) {
            ClassLoader loader = loaders.of(List.of(entry));

            assertThat(read(loader, "settings.txt")).isEqualTo("the entry's");
            assertThat(read(loader, "only.txt")).isEqualTo("only the parent's");
            assertThat(loader.getResource("none.txt")).isNull();
            assertThat(Collections.list(loader.getResources("settings.txt")))
                    .containsExactly(
                            entry.resolve("settings.txt").toUri().toURL(),
                            parentEntry.resolve("settings.txt").toUri().toURL());
        }
    }

    private static String read(ClassLoader loader, String name) throws IOException {
        try (InputStream in = loader.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldCloseItsFilesWhenItIsClosed() throws Exception {
        Path jar = jar(entry("one", "app.Extra", "extra"));
        ClassLoaders loaders = new ClassLoaders(PARENT);
        ClassLoader loader = loaders.of(List.of(jar));
        assertThat(made(loader, "app.Extra")).isEqualTo("extra");

        loaders.close();
        loaders.close();

        assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> loader.loadClass("app.Other"));
        assertThat(loader.getResource("app/Extra.class")).isNull();
    }

    private Path jar(Path classes) throws IOException {
        Path jar = directory.resolve("library.jar");
        try (FileSystem archive = FileSystems.newFileSystem(jar, Map.of("create", "true"));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = archive.getPath(classes.relativize(file).toString());
                Files.createDirectories(archive.getPath("/").resolve(target).getParent());
                Files.copy(file, archive.getPath("/").resolve(target));
            }
        }
        return jar;
    }
}
