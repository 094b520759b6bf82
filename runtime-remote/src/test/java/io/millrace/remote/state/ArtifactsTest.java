package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.ShippedFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArtifactsTest {
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final String SHA256 = MemoryArtifacts.sha256(BYTES);

    private static Outcome put(ModelCluster cluster, String sha256, int offset, int end) {
        byte[] chunk = Arrays.copyOfRange(BYTES, offset, end);
        return cluster.apply(new ClusterEntry.PutChunk(cluster.nowMs, sha256, offset, BYTES.length, chunk));
    }

    private static Outcome submit(ModelCluster cluster) {
        ShippedFile file = new ShippedFile("n", "./n", "n", SHA256, BYTES.length, true);
        return cluster.submit(
                ModelCluster.submission("flow", ModelCluster.options(false), List.of(file), "id: n, class: x.N"));
    }

    @Test
    void shouldHoldAnArtifactWhenItsChunksComeInOrderOrAgain() {
        ModelCluster cluster = ModelCluster.of("a");

        assertThat(put(cluster, SHA256, 0, 4)).isEqualTo(new Outcome.Held(4, false));
        assertThat(put(cluster, SHA256, 0, 4)).isEqualTo(new Outcome.Held(4, false));
        assertThat(put(cluster, SHA256, 6, 10)).isEqualTo(new Outcome.Held(4, false));
        assertThat(put(cluster, SHA256, 2, 10)).isEqualTo(new Outcome.Held(10, true));

        assertThat(cluster.state.artifact(SHA256)).isEqualTo(new Outcome.Held(10, true));
        assertThat(cluster.artifacts.held.get(SHA256)).isEqualTo(BYTES);
        assertThat(submit(cluster)).isInstanceOf(Outcome.OfJob.class);
    }

    @Test
    void shouldRefuseAJobWhenAFileOfItIsNotWhole() {
        ModelCluster cluster = ModelCluster.of("a");
        put(cluster, SHA256, 0, 4);

        assertThat(submit(cluster))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo("file 'n' of node 'n' is not with the masters: 4 bytes of 10 bytes are"));
    }

    @Test
    void shouldDropWhatIsNotWhatItsNameSays() {
        ModelCluster cluster = ModelCluster.of("a");
        String wrong = "0".repeat(64);

        assertThat(put(cluster, wrong, 0, 10))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Reason.INVALID));
        assertThat(cluster.artifacts.held).isEmpty();
        assertThat(cluster.state.artifact(wrong)).isEqualTo(new Outcome.Held(0, false));
    }

    @Test
    void shouldDropWhatNoJobNeedsAfterAWhile() {
        ModelCluster cluster = ModelCluster.of("a");
        put(cluster, SHA256, 0, 10);
        submit(cluster);
        cluster.settle();
        cluster.pass(ClusterLimits.DEFAULT.artifactKeepMs());
        assertThat(cluster.artifacts.held).hasSize(1);

        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "flow", 0));
        cluster.settle();
        cluster.pass(ClusterLimits.DEFAULT.lingerMs());
        assertThat(cluster.state.nextDueMs()).isEqualTo(cluster.nowMs + ClusterLimits.DEFAULT.artifactKeepMs());
        cluster.pass(ClusterLimits.DEFAULT.artifactKeepMs());

        assertThat(cluster.artifacts.held).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsTooLargeOrOutOfBounds() {
        ModelCluster cluster = ModelCluster.of("a");
        for (ClusterEntry.PutChunk chunk : List.of(
                new ClusterEntry.PutChunk(1, SHA256, 0, Long.MAX_VALUE, BYTES),
                new ClusterEntry.PutChunk(1, SHA256, -1, 10, BYTES),
                new ClusterEntry.PutChunk(1, SHA256, 1, 10, BYTES),
                new ClusterEntry.PutChunk(1, SHA256, Long.MAX_VALUE, 10, BYTES),
                new ClusterEntry.PutChunk(1, "../../etc", 0, 10, BYTES))) {
            assertThat(cluster.apply(chunk)).isInstanceOf(Outcome.Refused.class);
        }
        assertThat(cluster.artifacts.held).isEmpty();
    }
}
