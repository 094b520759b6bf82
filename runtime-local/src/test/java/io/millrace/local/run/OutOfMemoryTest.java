package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that takes all the memory of its JVM, which is one of its own here. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class OutOfMemoryTest {
    private static final String SURVIVED = "it has survived";
    private static final int RESTARTS = 3;

    @TempDir
    private Path directory;

    /** At its hundredth message it wants more than there is, and keeps all that it gets. */
    public static final class Hog implements Operator {
        private @Nullable NodeContext context;
        private int count;

        @SuppressWarnings("unused") // it is kept from the garbage collector
        private Object @Nullable [] hoard;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            while (++count >= 100) {
                Object[] more = new Object[1000];
                more[0] = hoard;
                hoard = more;
            }
            context.output("out").send(ByteBuffer.allocate(8));
        }
    }

    /** Needs no memory for its messages. */
    public static final class Frugal implements Operator {}

    /** Ends by 0 when the node has run again so often, and all has ended as it should. */
    public static void main(String[] args) throws Exception {
        Dataflow dataflow = Dataflow.parse(
                """
                nodes:
                  - {id: hog, class: "HERE$Hog", restart_policy: on-failure, inputs: {in: dora/timer/millis/1}, outputs: [out]}
                  - {id: frugal, class: "HERE$Frugal", inputs: {in: hog/out}}
                """.replace("HERE", OutOfMemoryTest.class.getName()),
                LoadOptions.builder().directory(Path.of(args[0])).build());
        RunningDataflow running = dataflow.start(
                StartOptions.builder().closeGrace(Duration.ofSeconds(10)).build());
        long beginNs = System.nanoTime();
        while (!hasRunAgain(running) && System.nanoTime() - beginNs < TimeUnit.SECONDS.toNanos(60)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        DataflowStatus status = running.status();
        running.close();
        boolean isWell = status.node("hog").incarnation() >= RESTARTS
                && status.node("frugal").state() == NodeState.RUNNING
                && running.state().isFinal();
        System.out.println(isWell ? SURVIVED : status + ", then " + running.state());
        System.exit(isWell ? 0 : 1);
    }

    private static boolean hasRunAgain(RunningDataflow running) {
        try {
            return running.status().node("hog").incarnation() >= RESTARTS;
        } catch (OutOfMemoryError e) { // who asks needs some as well
            return false;
        }
    }

    @Test
    void shouldRunANodeAgainThatHasTakenAllTheMemoryThereIs() throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OutOfMemoryTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("it has ended")
                    .isTrue();
            assertThat(Files.readString(output, StandardCharsets.UTF_8)).contains(SURVIVED);
        } finally {
            process.destroyForcibly();
        }
    }
}
