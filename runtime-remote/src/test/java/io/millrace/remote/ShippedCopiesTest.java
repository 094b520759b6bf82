package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ShippedCopiesTest {
    @TempDir
    Path base;

    @TempDir
    Path directory;

    private Path flow(String deploy) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(directory.resolve("plugin.jar")))) {
            out.putNextEntry(new ZipEntry("nothing"));
        }
        return Files.writeString(directory.resolve("flow.yml"), """
                name: shipping
                nodes:
                  - id: beat
                    class: io.millrace.remote.nodes.Beat
                    classpath: [plugin.jar]
                    config: {diary: shipped}
                    deploy: %s
                    inputs: {tick: dora/timer/millis/20}
                    outputs: [out]
                """.formatted(deploy));
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "elsewhere nobody knows whether the executor is the only one of its name there")
    void shouldLeaveNoCopiesBehindWhenItIsClosedWhileItsNodesRun() throws Exception {
        Path flow = flow("{distribute: ship, machine: a}");
        try (QuickCluster cluster = new QuickCluster(base, 1)) {
            Executor executor = cluster.join("a");
            cluster.client().submit(Dataflow.load(flow), StartOptions.DEFAULT, "pinned");
            until("it runs", () -> cluster.job("pinned").state() == Job.State.RUNNING);
            assertThat(copies("a")).hasSize(1);

            executor.close();

            assertThat(copies("a")).isEmpty();
            cluster.client().stop("pinned", Duration.ZERO);
        }
    }

    @Test
    void shouldDeleteTheCopiesOfWhatWasShippedWhenItsNodesHaveMoved() throws Exception {
        Path flow = flow("{distribute: ship}");
        try (QuickCluster cluster = new QuickCluster(base, 1)) {
            Executor former = cluster.join("a");
            cluster.client().submit(Dataflow.load(flow), StartOptions.DEFAULT, "moving");
            until("it runs", () -> cluster.job("moving").state() == Job.State.RUNNING);
            assertThat(copies("a")).hasSize(1);
            cluster.join("b");

            var unused = former.leave("the test");

            until("its copy is deleted", () -> copies("a").isEmpty());
            until("it runs elsewhere", () -> copies("b").size() == 1);
            cluster.client().stop("moving", Duration.ofSeconds(5));
            until("it has ended", () -> cluster.job("moving").state().isFinal());
        }
    }

    private List<Path> copies(String machineId) throws IOException {
        try (Stream<Path> all = Files.walk(base.resolve("machine-" + machineId))) {
            return all.filter(path -> path.endsWith("plugin.jar") && Files.isRegularFile(path))
                    .toList();
        } catch (UncheckedIOException e) { // it is being deleted
            return copies(machineId);
        }
    }
}
