package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.QueuePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RingChoiceTest {
    @Test
    void shouldUseAgronasRingWhenThisJvmLetsIt() {
        assertThat(RingChoice.isAgronaAvailable()).isTrue();
        assertThat(form(RingChoice.AUTOMATIC)).isEqualTo("one-to-one ring (Agrona)");
        assertThat(form(RingChoice.OWN)).isEqualTo("one-to-one ring");
    }

    @Test
    void shouldUseOurRingWhenTheJvmHasNoFlag() throws Exception {
        assertThat(runWithoutFlags())
                .containsExactly(
                        "available false",
                        "one-to-one ring carried true",
                        "slot ring carried true",
                        "Agrona's ring was asked for, and this JVM does not let it work: add"
                                + " --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED (on the module path =org.agrona)",
                        "exit 0");
    }

    private static String form(RingChoice rings) {
        return edge(QueuePolicy.BACKPRESSURE, rings).form();
    }

    private static Edge edge(QueuePolicy policy, RingChoice rings) {
        return Edge.create(policy, 10, null, null, rings, () -> {});
    }

    private static List<String> runWithoutFlags() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutFlags.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = new ArrayList<>(output.lines().toList());
        lines.add("exit " + process.exitValue());
        return lines;
    }

    /** Runs in a JVM of its own, where nothing is exported to Agrona. */
    static final class WithoutFlags {
        private WithoutFlags() {}

        public static void main(String[] arguments) {
            System.out.println("available " + RingChoice.isAgronaAvailable());
            carry(edge(QueuePolicy.BACKPRESSURE, RingChoice.AUTOMATIC));
            carry(edge(QueuePolicy.DROP_OLDEST, RingChoice.AUTOMATIC));
            try {
                System.out.println(
                        edge(QueuePolicy.BACKPRESSURE, RingChoice.AGRONA).form());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }

        private static void carry(Edge edge) {
            int offset = edge.writer().tryClaim(Records.length(16));
            Records.write(edge.writer().buffer(), offset, 5, 16);
            edge.writer().commit(null);
            System.out.println(
                    edge.form() + " carried " + (edge.reader().next() && Records.sequence(edge.reader()) == 5));
        }
    }
}
