package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.RunningDataflow;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list of classes that are loaded ahead of a first start, beside what starts load. In JVMs of their own, for no class is loaded twice. */
@Timeout(120)
class FirstStartTest {
    private static final Pattern LOADED = Pattern.compile("(\\S+) source: (?:file|jar):.*");
    private static final String FLOW = """
            nodes:
              - id: speaker
                class: %1$s$Speaker
                outputs: [word]
              - id: listener
                class: %1$s$Listener
                inputs:
                  word: {source: speaker/word, queue_policy: backpressure}
            """;

    @TempDir
    private Path directory;

    @Test
    void shouldNameWhatAFirstStartLoads() throws Exception {
        Set<String> named = named();

        Set<String> loaded = loadedBy(Start.class, 1); // with one core nobody loads anything ahead

        assertThat(loaded).contains("io.millrace.local.LocalRuntime");
        assertThat(share(named, loaded))
                .as(
                        "of the classes that first-start.txt names, those that a first start loads; without: %s",
                        not(named, loaded))
                .isGreaterThan(0.9);
        loaded.removeIf(
                name -> !name.startsWith("io.millrace.")); // such as logging, of which applications choose their own
        assertThat(share(loaded, named))
                .as(
                        "of the classes that a start loads, those that first-start.txt names; without: %s",
                        not(loaded, named))
                .isGreaterThan(0.8);
    }

    @Test
    void shouldLoadWhatAStartNeedsWhenAFileIsRead() throws Exception {
        Set<String> named = named();

        Set<String> loaded = loadedBy(Read.class, 2);

        assertThat(share(named, loaded))
                .as(
                        "of the classes that first-start.txt names, those that are there and were loaded; without: %s",
                        not(named, loaded))
                .isEqualTo(1.0);
    }

    private Set<String> loadedBy(Class<?> main, int processors) throws IOException, InterruptedException {
        Path flow = directory.resolve("dataflow.yml");
        Files.writeString(flow, FLOW.formatted(FirstStartTest.class.getName()));
        Path log = directory.resolve("classes.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:ActiveProcessorCount=" + processors);
        command.add("-Xlog:class+load:file=" + log + ":none");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), flow.toString()));
        File printed = directory.resolve("printed").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(printed.toPath())).isZero();
        Set<String> loaded = new LinkedHashSet<>();
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = LOADED.matcher(line);
            if (matcher.matches()) {
                loaded.add(matcher.group(1));
            }
        }
        return loaded;
    }

    private static Set<String> named() throws IOException {
        try (InputStream list = Objects.requireNonNull(Dataflow.class.getResourceAsStream("first-start.txt"))) {
            Set<String> names = new LinkedHashSet<>(
                    List.of(new String(list.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)));
            names.removeIf(line -> line.isEmpty() || line.startsWith("#"));
            return names;
        }
    }

    private static double share(Set<String> of, Set<String> in) {
        return 1 - not(of, in).size() / (double) of.size();
    }

    private static Set<String> not(Set<String> of, Set<String> in) {
        Set<String> rest = new LinkedHashSet<>(of);
        rest.removeAll(in);
        return rest;
    }

    /** The main class of a JVM that loads a dataflow file and runs it. */
    static final class Start {
        private Start() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (RunningDataflow running = Dataflow.load(Path.of(arguments[0])).start()) {
                running.await();
            }
        }
    }

    /** The main class of one that only reads it, and ends when nobody loads classes any more. */
    static final class Read {
        private Read() {}

        public static void main(String[] arguments) throws InterruptedException {
            Dataflow.load(Path.of(arguments[0]));
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("millrace-classes")) {
                    thread.join();
                }
            }
        }
    }

    /** Sends one message, and ends. */
    public static final class Speaker implements Node {
        @Override
        public void run(NodeContext context) {
            context.output("word").send("hello");
        }
    }

    /** Hears it. */
    public static final class Listener implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            if (!"hello".equals(message.text())) {
                throw new IllegalStateException("heard " + message.text());
            }
        }
    }
}
