package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code millrace} in a checkout of its own, with programs in place of Java and Maven that tell how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "millrace").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private Path home;
    private Path jdk;
    private Path tools;

    @BeforeEach
    void makeCheckout() throws Exception {
        home = Files.createDirectory(directory.resolve("a check out"));
        Files.copy(LAUNCHER, home.resolve("millrace"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(home.resolve("pom.xml"));
        for (String module : List.of("dataflow-core", "runtime-local", "runtime-remote", "samples")) {
            Files.createDirectories(home.resolve(module).resolve("src/main/java"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        jdk = directory.resolve("jdk");
        script(jdk.resolve("bin/java"), "echo \"java: $MILLRACE_CLASSPATH: $*\"; exit 7");
        script(jdk.resolve("bin/javac"), "true");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        tools = directory.resolve("tools");
        script(tools.resolve("mvn"), """
                echo "mvn with $JAVA_HOME: $*" >> "%s"
                [ ! -e fail ] || { echo "no such symbol"; exit 1; }
                mkdir -p runtime-remote/target samples/target
                echo new > runtime-remote/target/runtime-remote-1-cli.jar
                echo new > samples/target/samples-1.jar
                """.formatted(directory.resolve("mvn.log")));
    }

    private static void script(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Ran(int exitCode, String out, String err) {}

    private Ran run(String... arguments) throws Exception {
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(home.resolve("millrace").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().remove("MILLRACE_CLASSPATH");
        builder.environment().remove("MILLRACE_JAVA_OPTS");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private long builds() throws IOException {
        Path log = directory.resolve("mvn.log");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    private String jar(String name) {
        return home.resolve("runtime-remote/target/launcher").resolve(name).toString();
    }

    @Test
    void shouldBuildOnceWhenNothingChanges() throws Exception {
        Ran first = run("check", "a b.yml");
        Ran second = run("check", "a b.yml");

        assertThat(first.exitCode()).isEqualTo(7);
        assertThat(first.out()).contains("-jar " + jar("millrace.jar") + " check a b.yml\n");
        assertThat(first.err()).startsWith("millrace: building runtime-remote");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
        assertThat(directory.resolve("mvn.log")).content().contains("mvn with " + jdk + ": ", "-pl runtime-remote -am");
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewer() throws Exception {
        run("--version");
        Path source = Files.createFile(home.resolve("dataflow-core/src/main/java/New.java"));
        makeNewer(source);

        Ran ran = run("--version");

        assertThat(ran.err()).isEqualTo("millrace: sources have changed, building runtime-remote\n");
        assertThat(builds()).isEqualTo(2);
    }

    private static void makeNewer(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
    }

    @Test
    void shouldTakeTheJarWhenMavenHasJustBuiltIt() throws Exception {
        Path built = home.resolve("runtime-remote/target/runtime-remote-1-cli.jar");
        Files.createDirectories(built.getParent());
        Files.writeString(built, "built");
        makeNewer(built);

        run("--version");

        assertThat(builds()).isZero();
        assertThat(Path.of(jar("millrace.jar"))).hasContent("built");
    }

    @Test
    void shouldShowTheOutputAndExitWith2WhenTheBuildFails() throws Exception {
        Files.createFile(home.resolve("fail"));

        Ran ran = run("--version");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("no such symbol", "the build of runtime-remote failed", "mvn -pl runtime-remote -am");
    }

    @Test
    void shouldAddTheSamplesWhenOneOfThemIsRun() throws Exception {
        Path sample = Files.createFile(home.resolve("samples/dataflow.yml"));
        Path own = Files.createFile(home.resolve("own.yml"));

        assertThat(run("run", own.toString()).out()).startsWith("java: : ");
        assertThat(run("run", "--quiet", "samples/dataflow.yml").out())
                .startsWith("java: " + jar("samples.jar") + ": ");
        assertThat(run("check", sample.toString()).out()).startsWith("java: : ");
        assertThat(Path.of(jar("samples.jar"))).hasContent("new");
    }

    @Test
    void shouldKeepTheBetterCompilerWhenADataflowRuns() throws Exception {
        assertThat(run("check", "x.yml").out()).contains("-XX:TieredStopAtLevel=1");
        assertThat(run("run", "x.yml").out()).doesNotContain("TieredStopAtLevel");
    }

    @Test
    void shouldOpenTheJdkOnlyWhenARunIsRecorded() throws Exception {
        assertThat(run("run", "x.yml", "--record", "dir").out())
                .contains(
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow");
        assertThat(run("run", "--record=dir", "x.yml").out()).contains("--add-opens");
        assertThat(run("run", "x.yml").out()).doesNotContain("--add-opens", "unsafe");
        assertThat(run("replay", "dir", "--into", "x.yml").out()).doesNotContain("--add-opens", "TieredStopAtLevel");
    }

    @Test
    void shouldSayWhatWasFoundWhenJavaIsTooOld() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.copy(jdk.resolve("bin/java"), tools.resolve("java"));
        Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"1.8.0_292\"\n");

        Ran ran = run("--version");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("millrace: a Java of 17 or later is needed: install one, or set JAVA_HOME")
                .contains("'" + jdk + "/bin/java' is Java 11", "'" + tools + "/java' is Java 8");
        assertThat(builds()).isZero();
    }

    @Test
    void shouldTakeTheJavaOfThePathWhenJavaHomeIsTooOld() throws Exception {
        Path old = directory.resolve("old");
        script(old.resolve("bin/java"), "echo old");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.createSymbolicLink(tools.resolve("java"), jdk.resolve("bin/java"));
        jdk = old;

        assertThat(run("check", "x.yml").out()).startsWith("java: : ");
    }

    @Test
    void shouldAskForACompilerWhenThereIsOnlyARuntime() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));

        Ran ran = run("--version");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("'" + jdk + "' is a Java without a compiler: set JAVA_HOME to a JDK");
    }

    @Test
    void shouldWorkWhenItIsCalledThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), home.resolve("millrace"));
        Process process = startThrough(link);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(7);
    }

    private Process startThrough(Path link) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(link.toString(), "--version")
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        return builder.start();
    }
}
