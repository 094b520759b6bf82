package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.local.edge.Edge;
import io.millrace.local.part.PartListener;
import io.millrace.local.waiting.Threads;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.Subscription;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Edges between parts whose messages somebody else moves. */
@Tag("slow")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PartLinkTest {
    private static final String COUNT = """
            name: link
            queue_policy: backpressure
            nodes:
              - {id: source, class: Counter, config: {count: %d}, outputs: [out]}
              - {id: sink, class: Collector, inputs: {in: source/out}, outputs: [report]}
            """;
    private static final String EDGE = "source/out -> sink/in";

    /** Whether the thread of the node {@code busy} is left behind on purpose, and stays for a while. */
    private boolean isBusyLeftBehind;

    @AfterEach
    void shouldLeaveNoThread() {
        await().atMost(Threads.DEADLINE)
                .untilAsserted(() -> assertThat(Threads.named("millrace-link"))
                        .filteredOn(name -> !(isBusyLeftBehind && name.equals("millrace-link-busy")))
                        .isEmpty());
        Threads.awaitNone("pump");
    }

    private static DataflowResult result(LocalPart part) throws Exception {
        return part.running().await(Threads.DEADLINE);
    }

    private static EdgeStatus merged(PartRig rig, String name, DataflowStatus... statuses) {
        return new Merging(rig.graph())
                .status(DataflowState.FINISHED, List.of(statuses)).edges().stream()
                        .filter(edge -> edge.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void shouldNameItsBoundary() {
        try (PartRig rig = new PartRig(COUNT.formatted(1))) {
            LocalPart source = rig.part("source");
            LocalPart sink = rig.part("sink");
            assertThat(source.boundaryOutputs()).containsExactly(EDGE);
            assertThat(source.boundaryInputs()).isEmpty();
            assertThat(sink.boundaryInputs()).containsExactly(EDGE);
            assertThat(sink.boundaryOutputs()).isEmpty();
        }
    }

    @Test
    void shouldCarryEveryMessageAndTheEnd() throws Exception {
        try (PartRig rig = new PartRig(COUNT.formatted(50_000));
                Pump pump = new Pump()) {
            LocalPart source = rig.part("source");
            LocalPart sink = rig.part("sink");
            pump.read(source.output(EDGE, pump.signal()));
            pump.write(sink.input(EDGE, pump.signal()));
            Subscription report = PartRig.all(sink, "sink/report");
            rig.run();
            pump.start();

            assertThat(PartRig.rest(report)).containsExactly("in: 50000 messages, 0 to 49999, 0 missing");
            pump.join();
            DataflowStatus sent = result(source).status();
            DataflowStatus received = result(sink).status();
            assertThat(sent.edges()).singleElement().satisfies(half -> {
                assertThat(half.sent()).isEqualTo(50_000);
                assertThat(half.received()).as("counted by the other part").isZero();
            });
            EdgeStatus whole = merged(rig, EDGE, sent, received);
            assertThat(List.of(whole.sent(), whole.received(), whole.discarded()))
                    .containsExactly(50_000L, 50_000L, 0L);
        }
    }

    @Test
    void shouldLoseNothingWhenTheOutputIsConnectedAnewWhileMessagesFlow() throws Exception {
        try (PartRig rig = new PartRig(COUNT.formatted(200_000));
                Pump pump = new Pump()) {
            LocalPart source = rig.part("source");
            LocalPart sink = rig.part("sink");
            pump.holdEnd(true);
            pump.read(source.output(EDGE, pump.signal()));
            Edge into = sink.input(EDGE, pump.signal());
            pump.write(into);
            Subscription report = PartRig.all(sink, "sink/report");
            rig.run();
            pump.start();
            for (int round = 1; round <= 20; round++) {
                long until = round * 1000L;
                await().atMost(Threads.DEADLINE).until(() -> into.writer().sent() >= until);
                pump.read(source.output(EDGE, pump.signal()));
            }
            pump.holdEnd(false);

            assertThat(PartRig.rest(report)).containsExactly("in: 200000 messages, 0 to 199999, 0 missing");
            pump.join();
            EdgeStatus whole =
                    merged(rig, EDGE, result(source).status(), result(sink).status());
            assertThat(whole.sent()).isEqualTo(200_000);
        }
    }

    @Test
    void shouldCountWhatIsDiscardedWhenTheInputIsConnectedAnewWhileMessagesFlow() throws Exception {
        try (PartRig rig = new PartRig(COUNT.formatted(200_000));
                Pump pump = new Pump()) {
            LocalPart source = rig.part("source");
            LocalPart sink = rig.part("sink");
            pump.holdEnd(true); // that the sink closes the edge before is not the end
            pump.read(source.output(EDGE, pump.signal()));
            pump.write(sink.input(EDGE, pump.signal()));
            Subscription report = PartRig.all(sink, "sink/report");
            rig.run();
            pump.start();
            for (int round = 1; round <= 20; round++) {
                long until = round * 1000L;
                await().atMost(Threads.DEADLINE)
                        .until(() -> sink.running().status().node("sink").received() >= until);
                pump.write(sink.input(EDGE, pump.signal()));
            }
            pump.holdEnd(false);

            assertThat(PartRig.rest(report))
                    .as("in order, none twice")
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("in: ").contains("to 199999"));
            pump.join();
            EdgeStatus whole =
                    merged(rig, EDGE, result(source).status(), result(sink).status());
            assertThat(whole.sent()).isEqualTo(200_000);
            assertThat(whole.received()).isLessThanOrEqualTo(200_000).isGreaterThan(190_000);
        }
    }

    @Test
    void shouldKeepWhatIsSentBeforeAnybodyReadsTheEdge() throws Exception {
        try (PartRig rig = new PartRig(COUNT.formatted(7));
                Pump pump = new Pump()) {
            LocalPart source = rig.part("source");
            LocalPart sink = rig.part("sink");
            pump.write(sink.input(EDGE, pump.signal()));
            Subscription report = PartRig.all(sink, "sink/report");
            rig.run();
            await().atMost(Threads.DEADLINE)
                    .until(() -> source.running().status().node("source").sent() == 7);
            assertThat(source.running().state()).isNotEqualTo(DataflowState.STARTING);
            pump.read(source.output(EDGE, pump.signal()));
            pump.start();
            assertThat(PartRig.rest(report)).containsExactly("in: 7 messages, 0 to 6, 0 missing");
            EdgeStatus whole =
                    merged(rig, EDGE, source.running().status(), result(sink).status());
            assertThat(List.of(whole.sent(), whole.received())).containsExactly(7L, 7L);
        }
    }

    private static final String MORTAL = """
            name: link
            queue_policy: backpressure
            queue_size: 100
            nodes:
              - {id: busy, class: Mortal, health_check_timeout: 50ms, restart_policy: %s, inputs: {in: millrace/app/in}, outputs: [report]}
              - {id: sink, class: Recorder, inputs: {in: busy/report}, outputs: [report]}
            """;
    private static final String APP = "millrace/app/in -> busy/in";
    private static final String REPORT = "busy/report -> sink/in";

    /** Tells the pump what a link would be told. */
    private static final class Telling implements PartListener {
        private final Pump in;
        private final Pump out;
        private volatile LocalPart consumers;

        Telling(Pump in, Pump out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
            out.tell(() -> consumers.onNodeFailed(consumer, failed, error, inputs));
        }

        @Override
        public void onNodeRestarted(String consumer, String restarted) {
            out.tell(() -> consumers.onNodeRestarted(consumer, restarted));
        }

        @Override
        public void onInputReplaced(String edge, Edge fresh) {
            in.write(fresh);
        }

        @Override
        public void onOutputReplaced(String edge, Edge fresh) {
            out.readInstead(fresh);
        }
    }

    /** The application, a node, and one that it feeds, each by itself. */
    private static final class Line implements AutoCloseable {
        private final PartRig rig;
        private final Pump in = new Pump();
        private final Pump out = new Pump();
        private final ApplicationEnds ends;
        private final LocalPart busy;
        private final LocalPart sink;
        private final Subscription told;

        Line(String policy) throws Exception {
            rig = new PartRig(MORTAL.formatted(policy));
            Telling telling = new Telling(in, out);
            ends = new ApplicationEnds(rig.graph(), PartRig.OPTIONS, edge -> {});
            busy = rig.part(telling, "busy");
            sink = rig.part("sink");
            telling.consumers = sink;
            in.read(ends.output(APP, in.signal()));
            in.write(busy.input(APP, in.signal()));
            out.holdEnd(true);
            out.read(busy.output(REPORT, out.signal()));
            out.write(sink.input(REPORT, out.signal()));
            told = PartRig.all(sink, "sink/report");
            ends.open();
            rig.run();
            in.start();
            out.start();
        }

        void send(String... texts) throws InterruptedException {
            Publisher publisher = ends.publisher("in");
            for (String text : texts) {
                assertThat(publisher.send(text, Threads.DEADLINE)).isEqualTo(SendResult.ACCEPTED);
            }
        }

        List<String> end() throws Exception {
            ends.close();
            result(busy);
            out.holdEnd(false);
            return PartRig.rest(told);
        }

        @Override
        public void close() {
            ends.close();
            in.close();
            out.close();
            rig.close();
        }
    }

    @Test
    void shouldTellOfAFailureBeforeTheInputCloses() throws Exception {
        try (Line line = new Line("never")) {
            line.send("a", "fail");
            List<String> lines = line.end();
            assertThat(lines).containsSubsequence("input in 0: input in fail", "closed in", "all closed");
            assertThat(lines)
                    .filteredOn(said -> said.startsWith("failed busy [in]"))
                    .hasSize(1);
            assertThat(indexOf(lines, "failed busy")).isLessThan(lines.indexOf("closed in"));
            assertThat(result(line.busy).state()).isEqualTo(DataflowState.FAILED);
            assertThat(result(line.sink).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    private static int indexOf(List<String> lines, String begin) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(begin)) {
                return i;
            }
        }
        throw new AssertionError("none begins with '" + begin + "': " + lines);
    }

    @Test
    void shouldTellOfARestartBeforeWhatTheNextIncarnationSends() throws Exception {
        try (Line line = new Line("on-failure")) {
            line.send("a", "fail", "b");
            List<String> lines = line.end();
            assertThat(lines)
                    .containsSubsequence("restarted busy", "input in 1: open", "input in 1: input in b", "closed in")
                    .containsOnlyOnce("closed in");
            assertThat(indexOf(lines, "failed busy")).isLessThan(lines.indexOf("restarted busy"));
            EdgeStatus edge = merged(line.rig, APP, result(line.busy).status(), line.ends.status());
            assertThat(List.of(edge.sent(), edge.received(), edge.discarded())).containsExactly(3L, 3L, 0L);
        }
    }

    @Test
    void shouldGoOnOverEdgesMadeAnewWhenAStuckNodeIsReplaced() throws Exception {
        isBusyLeftBehind = true;
        try (Line line = new Line("on-failure")) {
            line.send("keep this", "deaf", "lost");
            await().atMost(Threads.DEADLINE)
                    .until(() -> line.busy.running().status().node("busy").incarnation() == 1);
            PartRig.next(line.told, "restarted busy");
            line.send("b");
            assertThat(line.end())
                    .containsSubsequence("input in 1: open with this", "input in 1: input in b", "closed in");
            EdgeStatus edge = merged(line.rig, APP, result(line.busy).status(), line.ends.status());
            assertThat(edge.sent()).isEqualTo(4);
            assertThat(edge.received()).isEqualTo(3);
            assertThat(edge.discarded()).as("what waited for it").isEqualTo(1);
        }
    }

    @Test
    void shouldRelayWhatIsLoggedElsewhere() throws Exception {
        String yaml = """
                name: link
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Chatter, inputs: {in: millrace/app/a}, outputs: [report]}
                  - {id: b, class: Chatter, inputs: {in: millrace/app/b}, outputs: [report]}
                  - {id: viewer, class: Recorder, inputs: {logs: dora/logs/info}, outputs: [report]}
                """;
        try (PartRig rig = new PartRig(yaml);
                Pump ofA = new Pump();
                Pump ofB = new Pump();
                ApplicationEnds ends = new ApplicationEnds(rig.graph(), PartRig.OPTIONS, edge -> {})) {
            LocalPart talkers = rig.part("a", "b");
            LocalPart viewer = rig.part("viewer");
            assertThat(viewer.boundaryInputs())
                    .containsExactly("dora/logs/info/a -> viewer/logs", "dora/logs/info/b -> viewer/logs");
            assertThat(talkers.boundaryOutputs()).containsExactlyElementsOf(viewer.boundaryInputs());
            connect(ofA, talkers, viewer, "dora/logs/info/a -> viewer/logs");
            connect(ofB, talkers, viewer, "dora/logs/info/b -> viewer/logs");
            ends.boundaryOutputs().forEach(edge -> ends.join(edge, talkers));
            ends.open();
            Subscription told = PartRig.all(viewer, "viewer/report");
            rig.run();
            ends.publisher("a").send("info first", Threads.DEADLINE);
            ends.publisher("a").send("debug unheard", Threads.DEADLINE);
            PartRig.next(told, "input logs ");
            ends.publisher("a").close();
            ends.publisher("b").send("warn last", Threads.DEADLINE);
            ends.publisher("b").close();

            List<String> lines = PartRig.rest(told);
            assertThat(lines).endsWith("closed logs", "all closed");
            assertThat(lines).filteredOn(line -> line.contains("last")).hasSize(1);
            assertThat(lines).noneMatch(line -> line.contains("unheard"));
        }
    }

    @Test
    void shouldCountRecordsThatGiveWayOnTheirWayToAReaderElsewhere() throws Exception {
        String yaml = """
                name: link
                nodes:
                  - {id: a, class: Chatter, inputs: {in: {source: millrace/app/a, queue_policy: backpressure}}, outputs: [report]}
                  - {id: viewer, class: Recorder, inputs: {logs: {source: dora/logs, queue_size: 3}}, outputs: [report]}
                """;
        try (PartRig rig = new PartRig(yaml);
                Pump pump = new Pump();
                ApplicationEnds ends = new ApplicationEnds(rig.graph(), PartRig.OPTIONS, edge -> {})) {
            LocalPart talker = rig.part("a");
            LocalPart viewer = rig.part("viewer");
            String way = viewer.boundaryInputs().get(0);
            pump.read(talker.output(way, pump.signal()));
            pump.write(viewer.input(way, pump.signal()));
            ends.boundaryOutputs().forEach(edge -> ends.join(edge, talker));
            ends.open();
            Subscription told = PartRig.all(viewer, "viewer/report");
            rig.run();
            ends.publisher("a").send("burst 100", Threads.DEADLINE);
            ends.publisher("a").close();
            result(talker);
            pump.start();

            PartRig.rest(told);
            List<DataflowStatus> parts =
                    List.of(talker.running().status(), viewer.running().status());
            EdgeStatus whole = merged(rig, "dora/logs -> viewer/logs", parts.get(0), parts.get(1));
            assertThat(whole.dropped()).as("beyond the newest three").isGreaterThanOrEqualTo(97);
            assertThat(List.of(whole.sent(), whole.received() + whole.dropped()))
                    .as("each record is told of once")
                    .containsExactly(100L, 100L);
            assertThat(new Merging(rig.graph())
                            .metrics(List.of(
                                    talker.running().metrics(), viewer.running().metrics()))
                            .node("viewer")
                            .dropped())
                    .isEqualTo(whole.dropped());
        }
    }

    private static void connect(Pump pump, LocalPart from, LocalPart to, String edge) {
        pump.read(from.output(edge, pump.signal()));
        pump.write(to.input(edge, pump.signal()));
        pump.start();
    }
}
