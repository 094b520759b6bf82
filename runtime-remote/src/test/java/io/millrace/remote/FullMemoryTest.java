package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.contract.SmallFileSystem;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the file system for shared memory is too small, messages go over the link and all arrive. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class FullMemoryTest {
    private static final String FLOW =
            TwoMachines.FLOW.replace("{in: driver/out}", "{in: {source: driver/out, queue_size: 16}}");

    @TempDir
    private Path directory;

    /** In a process of its own, for which a small file system is mounted. */
    static final class Main {
        private Main() {}

        public static void main(String[] words) throws Exception {
            Path small = Path.of(words[0]);
            Path other = Files.createTempDirectory("millrace-full-memory");
            try (QuickCluster cluster = new QuickCluster(other, 1)) {
                for (String machine : new String[] {"a", "b"}) {
                    cluster.join(machine, config -> config.sharedMemory(small));
                }
                RunningDataflow running = Dataflow.parse(FLOW).start(cluster.client());
                Subscription report = running.subscribe("sink/report", SubscribeOptions.backpressure(100));
                Publisher driver = running.publisher("driver");
                driver.send("pattern 500 16", Duration.ofSeconds(30));
                driver.send("pattern 20 700000", Duration.ofSeconds(30));
                driver.send("pattern 500 16", Duration.ofSeconds(30));
                driver.close();
                List<String> texts = new ArrayList<>();
                while (!report.isClosed()) {
                    report.poll(message -> texts.add(message.text()), Duration.ofSeconds(1));
                }
                DataflowResult result = running.await(Duration.ofSeconds(60));
                System.out.println(result.state() + " with " + texts);
            }
        }
    }

    private SmallFileSystem.Outcome run(int bytes) throws Exception {
        SmallFileSystem.Outcome outcome = SmallFileSystem.run(directory, bytes, Main.class);
        assertThat(outcome.exitCode()).as(outcome.text()).isZero();
        assertThat(outcome.text()).contains("FINISHED with [in: 1020 messages, 0 to 1019, 0 missing]");
        return outcome;
    }

    @Test
    void shouldGoOverTheLinkFromTheBeginWhenThereIsNoRoomForTheRing() throws Exception {
        assertThat(run(64 << 10).text())
                .containsPattern("edge 'driver/out -> sink/in' of job '[^']+': messages go over the link, for shared"
                        + " memory cannot be used: .* cannot be made with \\d{5,7} bytes: .*; free bytes in its file"
                        + " system: \\d+");
    }

    @Test
    void shouldGoOnOverTheLinkAndLoseNothingWhenThereIsNoRoomForALargeBody() throws Exception {
        assertThat(run(1 << 20).text())
                .containsPattern("edge 'driver/out -> sink/in' of job '[^']+': messages go over the link from now on,"
                        + " for there is no shared memory for a body of 700000 bytes: .* cannot be made with \\d{6,7}"
                        + " bytes: .*; free bytes in its file system: \\d+");
    }
}
