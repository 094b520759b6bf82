package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.yaml.snakeyaml.Yaml;

/** Records on the class path, which are all within reach, and in a module, which says itself what is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordAccessTest {
    private Module module;
    private final Wire wire = new Wire(256);

    private record Private(int number, String text) {}

    @BeforeAll
    void makeModule(@TempDir Path directory) throws IOException {
        Path sources = directory.resolve("sources");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<Path> files = List.of(
                write(sources, "module-info", "module fleet { exports fleet.shown; opens fleet.opened; }"),
                write(sources, "fleet/shown/Ship", "package fleet.shown; public record Ship(long id, String name) {}"),
                write(sources, "fleet/shown/Crew", "package fleet.shown; record Crew(int size) {}"),
                write(
                        sources,
                        "fleet/shown/Fleet",
                        "package fleet.shown; public record Fleet(int id, fleet.hidden.Cargo cargo) {}"),
                write(
                        sources,
                        "fleet/shown/Keys",
                        "package fleet.shown; public class Keys { public static java.lang.invoke.MethodHandles.Lookup lookup()"
                                + " { return java.lang.invoke.MethodHandles.lookup(); } }"),
                write(sources, "fleet/opened/Log", "package fleet.opened; record Log(double miles) {}"),
                write(sources, "fleet/hidden/Cargo", "package fleet.hidden; public record Cargo(float tons) {}"));
        String[] arguments = Stream.concat(
                        Stream.of("-d", classes.toString()), files.stream().map(Path::toString))
                .toArray(String[]::new);
        compile(arguments);
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("fleet"));
        module = ModuleLayer.boot()
                .defineModulesWithOneLoader(configuration, getClass().getClassLoader())
                .findModule("fleet")
                .orElseThrow();
    }

    private static Path write(Path sources, String name, String text) throws IOException {
        Path file = sources.resolve(name + ".java");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @SuppressWarnings("unchecked")
    private Class<Record> record(String name) {
        return (Class<Record>) Class.forName(module, name);
    }

    private void assertExchanges(RecordCodec<Record> codec, Record value) {
        codec.send(wire, value);
        assertThat(codec.read(wire.message())).isEqualTo(value);
    }

    @Test
    void shouldReachARecordWhenItIsPrivateOnTheClassPath() {
        RecordCodec<Private> codec = Codecs.ofRecord(Private.class);

        codec.send(wire, new Private(4, "four"));

        assertThat(codec.read(wire.message())).isEqualTo(new Private(4, "four"));
    }

    @Test
    void shouldReachARecordOfAModuleWhenItIsPublicAndExported() throws Exception {
        Class<Record> ship = record("fleet.shown.Ship");

        assertExchanges(
                Codecs.ofRecord(ship),
                ship.getConstructor(long.class, String.class).newInstance(5L, "Plaka"));
    }

    @Test
    void shouldReachARecordOfAModuleWhenItsPackageIsOpened() throws Exception {
        Class<Record> log = record("fleet.opened.Log");
        Constructor<Record> constructor = log.getDeclaredConstructor(double.class);
        constructor.setAccessible(true);

        assertExchanges(Codecs.ofRecord(log), constructor.newInstance(12.5));
    }

    @Test
    void shouldSayWhatOpensItWhenARecordOfAModuleIsOutOfReach() {
        for (String name : List.of("fleet.shown.Crew", "fleet.hidden.Cargo")) {
            Class<Record> type = record(name);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Codecs.ofRecord(type))
                    .withMessageStartingWith(
                            "record " + name + " is out of reach for io.millrace.core: make it public "
                                    + "in an exported package, or open package " + type.getPackageName()
                                    + " of module fleet to io.millrace.core, or pass a MethodHandles.lookup() that reaches it (")
                    .withCauseInstanceOf(IllegalAccessException.class);
        }
    }

    @Test
    void shouldNameTheNestedRecordWhenThatIsOutOfReach() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codecs.ofRecord(record("fleet.shown.Fleet")))
                .withMessageStartingWith("record fleet.hidden.Cargo is out of reach");
    }

    @Test
    void shouldReachARecordWhenTheCallersLookupDoes() throws Exception {
        MethodHandles.Lookup lookup = (MethodHandles.Lookup)
                Class.forName(module, "fleet.shown.Keys").getMethod("lookup").invoke(null);
        Class<Record> fleet = record("fleet.shown.Fleet");
        RecordComponent cargo = fleet.getRecordComponents()[1];

        RecordCodec<Record> codec = Codecs.ofRecord(fleet, lookup);

        assertThat(codec.indexOf("cargo.tons")).isEqualTo(1);
        assertThat(cargo.getType().getName()).isEqualTo("fleet.hidden.Cargo");
        wire.claim(8).formatCode(codec.id()).commit();
        assertThat(codec.read(wire.message()).toString()).startsWith("Fleet[id=");
    }

    @Test
    void shouldNameTheLookupWhenItDoesNotReachTheRecord() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codecs.ofRecord(record("fleet.hidden.Cargo"), MethodHandles.lookup()))
                .withMessageStartingWith("record fleet.hidden.Cargo is out of reach for the lookup of "
                        + RecordAccessTest.class.getName());
    }

    /** The library as a module of its own, as on a module path, and an application that opens a package to it. */
    @Test
    void shouldReachARecordWhenItsPackageIsOpenedToTheLibraryOnly(@TempDir Path directory) throws Exception {
        Path sources = directory.resolve("sources");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        String path = Stream.of(Codecs.class, Logger.class, Yaml.class, NullMarked.class)
                .map(RecordAccessTest::placeOf)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        compile(
                "-p",
                path,
                "-d",
                classes.toString(),
                write(
                                sources,
                                "module-info",
                                "module bank { requires io.millrace.core; opens bank.open to io.millrace.core; exports bank; }")
                        .toString(),
                write(
                                sources,
                                "bank/open/Account",
                                "package bank.open; public record Account(long id, String owner) {}")
                        .toString(),
                write(sources, "bank/shut/Vault", "package bank.shut; public record Vault(int depth) {}")
                        .toString(),
                write(sources, "bank/Bank", """
                                package bank;
                                import io.millrace.codec.Codecs;
                                public class Bank {
                                    public static String open() { return Codecs.ofRecord(bank.open.Account.class).name(); }
                                    public static String shut() { return Codecs.ofRecord(bank.shut.Vault.class).name(); }
                                }
                                """).toString());
        ModuleFinder finder = ModuleFinder.of(Stream.concat(
                        Stream.of(classes),
                        Stream.of(path.split(File.pathSeparator)).map(Path::of))
                .toArray(Path[]::new));
        Class<?> bank = ModuleLayer.boot()
                .defineModulesWithOneLoader(
                        ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of("bank")),
                        ClassLoader.getPlatformClassLoader())
                .findLoader("bank")
                .loadClass("bank.Bank");

        assertThat(bank.getMethod("open").invoke(null)).isEqualTo("Account(long id, String owner)");
        assertThatThrownBy(() -> bank.getMethod("shut").invoke(null))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("record bank.shut.Vault is out of reach for io.millrace.core")
                .hasMessageContaining("open package bank.shut of module bank to io.millrace.core");
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compile(String... arguments) {
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();
    }
}
