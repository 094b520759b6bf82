package io.millrace.local.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeClassTest {
    private static final String HERE = NodeClassTest.class.getName() + "$";

    @TempDir
    private Path directory;

    public static final class Reactive implements Operator {}

    public static final class Looping implements Node {
        @Override
        public void run(NodeContext context) {}
    }

    public static final class Neither {}

    public static final class Both implements Node, Operator {
        @Override
        public void open(NodeContext context) {}

        @Override
        public void run(NodeContext context) {}

        @Override
        public void close() {}
    }

    static final class Hidden implements Operator {
        Hidden() {}
    }

    public abstract static class Unfinished implements Operator {}

    public static final class Demanding implements Operator {
        public Demanding(String demand) {
            Objects.requireNonNull(demand);
        }
    }

    public static final class Reserved implements Operator {
        Reserved() {}
    }

    @SuppressWarnings("ClassCanBeStatic") // that is what is wrong with it
    public final class Inner implements Operator {}

    public static final class Broken implements Operator {
        public Broken() {
            throw new IllegalArgumentException("made to fail");
        }
    }

    public static final class Exhausted implements Operator {
        public Exhausted() {
            throw new StackOverflowError("made to fail");
        }
    }

    public static final class Refusing implements Operator {
        public Refusing() throws IOException {
            throw new IOException("made to fail");
        }
    }

    private static NodeClass find(String name) throws NodeClass.UnusableException {
        return find(name, NodeClassTest.class.getClassLoader());
    }

    private static NodeClass find(String name, ClassLoader loader) throws NodeClass.UnusableException {
        return NodeClass.find(name, loader);
    }

    private static String refusal(String name, ClassLoader loader) {
        try {
            find(name, loader);
        } catch (NodeClass.UnusableException e) {
            return e.getMessage();
        }
        throw new AssertionError("class " + name + " was accepted");
    }

    private static String refusal(String nested) {
        return refusal(HERE + nested, NodeClassTest.class.getClassLoader());
    }

    @Test
    void shouldMakeANewInstanceEachTime() throws Exception {
        NodeClass reactive = find(HERE + "Reactive");
        NodeClass looping = find(HERE + "Looping");

        assertThat(reactive.isOperator()).isTrue();
        assertThat(looping.isOperator()).isFalse();
        assertThat(reactive.create(Operator.class))
                .isInstanceOf(Reactive.class)
                .isNotSameAs(reactive.create(Operator.class));
        assertThat(looping.create(Node.class)).isInstanceOf(Looping.class);
    }

    @Test
    void shouldLetThroughWhatTheConstructorThrows() throws Exception {
        NodeClass broken = find(HERE + "Broken");
        NodeClass exhausted = find(HERE + "Exhausted");
        NodeClass refusing = find(HERE + "Refusing");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> broken.create(Operator.class))
                .withMessage("made to fail");
        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> exhausted.create(Operator.class));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> refusing.create(Operator.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.such.Class", "Reactive", "[I", "", "a b", "java/lang/String", "[Ljava.lang.String"})
    void shouldSayThatThereIsNoSuchClass(String name) {
        assertThat(refusal(name, NodeClassTest.class.getClassLoader()))
                .startsWith("class '" + name + "' ")
                .doesNotContain("Exception");
    }

    @Test
    void shouldSayWhereItLookedForTheClass() {
        assertThat(refusal("no.such.Class", NodeClassTest.class.getClassLoader()))
                .isEqualTo("class 'no.such.Class' is not found: neither in the application's class path nor in the"
                        + " node's 'classpath'; check the name, with its package, and for a nested class a '$'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Neither    | implements neither io.millrace.node.Operator nor io.millrace.node.Node",
                "Both       | implements both io.millrace.node.Operator and io.millrace.node.Node: a node either reacts or has its own loop",
                "Hidden     | must be public and not abstract",
                "Unfinished | must be public and not abstract",
                "Demanding  | needs a public constructor without parameters",
                "Reserved   | needs a public constructor without parameters",
                "Inner      | needs a public constructor without parameters"
            })
    void shouldSayWhatAClassLacks(String nested, String what) {
        assertThat(refusal(nested)).isEqualTo("class '" + HERE + nested + "' " + what);
    }

    @Test
    void shouldRefuseAnInterface() {
        assertThat(refusal(Operator.class.getName(), NodeClassTest.class.getClassLoader()))
                .endsWith("must be public and not abstract");
    }

    @Test
    void shouldNameTheJavaVersionsWhenTheClassIsTooNew() throws Exception {
        Compiled compiled = new Compiled(directory).operator("app.Future", "x");
        try (URLClassLoader loader = loader(compiled.compile())) {
            compiled.age("app.Future");

            assertThat(refusal("app.Future", loader))
                    .startsWith("class 'app.Future' was compiled for a newer Java than this one, "
                            + Runtime.version().feature() + ": ")
                    .contains("class file version 199.0");
        }
    }

    @Test
    void shouldSayWhatTheInitialiserThrows() throws Exception {
        Compiled compiled = new Compiled(directory)
                .source("app.Raw", """
                        package app;
                        public class Raw implements io.millrace.node.Operator {
                            static { if (true) throw new IllegalStateException("no library\\nhere"); }
                        }
                        """)
                .source("app.Serious", """
                        package app;
                        public class Serious implements io.millrace.node.Operator {
                            static { if (true) throw new AssertionError("never"); }
                        }
                        """)
                .source("app.Deep", """
                        package app;
                        public class Deep implements io.millrace.node.Operator {
                            static int down(int n) { return down(n + 1) + 1; }
                            static final int DEPTH = down(0);
                        }
                        """);
        try (URLClassLoader loader = loader(compiled.compile())) {
            assertThat(refusal("app.Raw", loader))
                    .isEqualTo("class 'app.Raw' cannot be initialised: its static initialiser threw"
                            + " java.lang.IllegalStateException: no library here");
            assertThat(refusal("app.Raw", loader)).as("the second time").startsWith("class 'app.Raw' cannot be ");
            assertThat(refusal("app.Serious", loader))
                    .isEqualTo("class 'app.Serious' cannot be loaded: java.lang.AssertionError: never");
            assertThat(refusal("app.Deep", loader))
                    .isEqualTo("class 'app.Deep' cannot be loaded: java.lang.StackOverflowError");
        }
    }

    @Test
    void shouldNameWhatIsMissingWhenTheClassNeedsAnother() throws Exception {
        Compiled compiled = new Compiled(directory)
                .source("app.Base", "package app; public class Base implements io.millrace.node.Operator {}")
                .source("app.Derived", "package app; public class Derived extends Base {}");
        Path classes = compiled.compile();
        java.nio.file.Files.delete(classes.resolve("app/Base.class"));
        try (URLClassLoader loader = loader(classes)) {
            assertThat(refusal("app.Derived", loader))
                    .isEqualTo("class 'app.Derived' cannot be loaded: java.lang.NoClassDefFoundError: app/Base");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exports app.nodes;", "opens app.nodes;"})
    void shouldUseAClassOfAModuleWhenItsPackageIsExportedOrOpened(String directive) throws Exception {
        ClassLoader module = module("module app { " + directive + " }");

        assertThat(find("app.nodes.Inside", module).create(Operator.class)).hasToString("inside");
    }

    @Test
    void shouldSayWhichPackageToExportWhenAClassOfAModuleIsHidden() throws Exception {
        ClassLoader module = module("module app { }");

        assertThat(refusal("app.nodes.Inside", module))
                .isEqualTo("class 'app.nodes.Inside' is not accessible: its module 'app' must export or open package"
                        + " 'app.nodes' to the class path");
    }

    private ClassLoader module(String description) throws IOException {
        Path classes = new Compiled(directory)
                .source("module-info", description)
                .operator("app.nodes.Inside", "inside")
                .compile("--add-reads", "app=ALL-UNNAMED");
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("app"));
        ModuleLayer.Controller layer = ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(boot), NodeClassTest.class.getClassLoader());
        Module app = layer.layer().findModule("app").orElseThrow();
        layer.addReads(app, Operator.class.getModule());
        return app.getClassLoader();
    }

    private static URLClassLoader loader(Path classes) throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, NodeClassTest.class.getClassLoader());
    }
}
