package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.wire.EdgeSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a receiver does with bodies for which it has no memory outside the heap: only their edges notice. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LinkMemoryTest {
    /** In a process of its own, which has little. */
    static final class Main implements AutoCloseable {
        private static final int BODY_BYTES = 200 << 20;
        private static final Duration DEADLINE = Duration.ofMinutes(1);

        /** Whose raw end says nothing of itself while it waits. */
        private final LinkPair pair =
                new LinkPair(LinkPair.SETTINGS.withHeartbeats(Duration.ofMinutes(1), Duration.ofMinutes(5)));

        private final InetSocketAddress address =
                pair.b.listen(pair.networkB, LinkPair.ANY_PORT).address();
        private final Identity raw = Identity.of("test", Role.EXECUTOR, RawLink.NAME);

        public static void main(String[] none) throws Exception {
            try (Main main = new Main();
                    RawLink link = RawLink.resume(main.address, main.raw, 1, 0).start()) {
                OptionalLong granted = OptionalLong.of(10L * BODY_BYTES);
                main.end(link, 0, OptionalLong.empty()); // after it has waited for room
                main.end(link, 1, granted);
                IncomingEdge lossy =
                        main.begin(link, 2, QueuePolicy.DROP_OLDEST, granted, new CopyOnWriteArrayList<>());
                await().atMost(DEADLINE).until(() -> lossy.traffic().dropped() == 1);
            }
        }

        private void end(RawLink link, int channel, OptionalLong budget) throws Exception {
            List<String> heard = new CopyOnWriteArrayList<>();
            var unused = begin(link, channel, QueuePolicy.BACKPRESSURE, budget, heard);
            await().atMost(DEADLINE).until(() -> heard.size() == 2);
            System.out.println(channel + " " + heard);
        }

        private IncomingEdge begin(
                RawLink link, int channel, QueuePolicy policy, OptionalLong budget, List<String> heard)
                throws Exception {
            EdgeSignal signal = pair.b.newSignal();
            Edge ring = Edge.create(policy, 10, new WakeSignal(), signal.wake(), RingChoice.AUTOMATIC, () -> {});
            IncomingEdge edge = pair.b.receive(
                    new EdgeSession("job", "x -> " + channel, 1, 1),
                    new LinkPeer(Role.EXECUTOR, RawLink.NAME, raw.instance(), Optional.empty()),
                    ring,
                    signal,
                    budget,
                    new IncomingListener() {
                        @Override
                        public void onOpened() {
                            heard.add("opened");
                        }

                        @Override
                        public void onEnded(Ending ending, String reason) {
                            heard.add(ending + ": " + reason);
                        }
                    });
            link.say(RawLink.open(channel, "job", "x -> " + channel));
            await().atMost(DEADLINE).until(() -> heard.contains("opened")); // what comes before that is nobody's
            ByteBuffer frame = RawLink.frame(Frames.BEGIN, Frames.BODY_OFFSET + RecordLayout.HEADER_LENGTH)
                    .putInt(8, channel);
            RecordLayout.putHeader(frame, Frames.BODY_OFFSET, RecordLayout.FLAG_REFERENCE, 0, 1);
            RecordLayout.putLengths(frame, Frames.BODY_OFFSET, 0, BODY_BYTES);
            link.say(frame);
            return edge;
        }

        @Override
        public void close() {
            pair.close();
        }
    }

    @Test
    void shouldEndTheEdgeOrPassTheBodyOverWhenThereIsNoMemoryForIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=100m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(text).isZero();
        String none = "bytes outside the heap for a payload, and the JVM has them not: .*";
        assertThat(text)
                .containsPattern("0 \\[opened, CONSUMER_CLOSED: .*" + none)
                .containsPattern("1 \\[opened, CONSUMER_CLOSED: .*" + none)
                .containsPattern("a payload was dropped: .*" + none)
                .doesNotContain("begins anew", "it failed at this end");
    }
}
