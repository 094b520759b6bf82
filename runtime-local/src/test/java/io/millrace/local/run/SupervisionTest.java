package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of threads, edges and files when nodes fail and do not come back, where that is this runtime's own business. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SupervisionTest {
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofMillis(200))
            .keepAlive(false)
            .build();

    /** Where node classes, which are made by their names, find the test that they are part of. */
    private static final Map<String, SupervisionTest> TESTS = new ConcurrentHashMap<>();

    @TempDir
    private Path directory;

    private final String name = "flow" + System.identityHashCode(this);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch holderMayGoOn = new CountDownLatch(1);
    private final BlockingQueue<String> late = new LinkedBlockingQueue<>();

    @BeforeEach
    void beFound() {
        TESTS.put(name, this);
    }

    @AfterEach
    void leaveNoThread() {
        release.countDown();
        TESTS.remove(name);
        Threads.awaitNone("millrace-" + name);
    }

    /** Sends on what it is told; {@code wait} has it wait for the test, {@code hold} likewise, whatever interrupts it, with a claim in its hand, and then do all that it should not. */
    public static final class Deaf implements Operator {
        private NodeContext context;
        private SupervisionTest test;
        private Output out;

        @Override
        public void open(NodeContext opened) {
            context = opened;
            test = TESTS.get(opened.dataflow());
            out = opened.output("out");
        }

        @Override
        public void onInput(Input input, Message message) throws InterruptedException {
            if (message.text().equals("wait")) {
                test.release.await();
            }
            if (message.text().equals("hold")) {
                Claim claim = out.claim(4);
                claim.putInt(0, 666);
                test.hold();
                claim.commit();
                SendResult result = out.send("late");
                context.checkpoint(ByteBuffer.allocate(666));
                test.late.add(result + ", closed " + out.isClosed());
                throw new IllegalStateException("late");
            }
            if (message.text().startsWith("1 1 ")) {
                return; // it came from itself, and was answered once
            }
            out.send(context.incarnation() + " " + message.text() + " "
                    + context.restored().map(ByteBuffer::remaining).orElse(-1));
            context.checkpoint(ByteBuffer.allocate(message.length()));
        }

        @Override
        public void onInputClosed(Input input) {
            out.send(context.incarnation() + " closed " + input.id());
        }
    }

    private void hold() {
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                // That is what it is about: the flag is taken away, as by code that does not care.
                late.add("interrupted");
            }
        }
    }

    private Dataflow deaf(String keys) {
        return Dataflow.parse(
                """
                name: %s
                queue_policy: backpressure
                nodes:
                  - {id: deaf, class: "%s", health_check_timeout: 50ms, %s, inputs: {in: millrace/app/in, self: {source: deaf/out, queue_policy: drop_oldest}}, outputs: [out]}
                """.formatted(name, Deaf.class.getName(), keys),
                LoadOptions.builder().directory(directory).build());
    }

    private static List<String> read(Subscription subscription, int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        long beginNs = System.nanoTime();
        while (texts.size() < count && System.nanoTime() - beginNs < Threads.DEADLINE.toNanos()) {
            subscription.poll(message -> texts.add(message.text()), Duration.ofMillis(100));
        }
        return texts;
    }

    private Dataflow parse(String nodes) {
        return Dataflow.parse(
                "name: " + name + "\nqueue_policy: backpressure\nqueue_size: 100\nnodes:\n"
                        + nodes.replace("HERE.", getClass().getName() + "$"),
                LoadOptions.builder().directory(directory).build());
    }

    @Test
    void shouldLetNothingOfOneThatWasLeftBehindReachAnybody() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: deaf, class: "HERE.Deaf", health_check_timeout: 50ms, restart_policy: on-failure, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Subscription out = running.subscribe("deaf/out", SubscribeOptions.backpressure(100));
            running.publisher("in").send("abc", Threads.DEADLINE);
            assertThat(read(out, 1)).containsExactly("0 abc -1");
            running.publisher("in").send("hold", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deaf").incarnation() == 1
                            && running.status().node("deaf").state() == NodeState.RUNNING);

            running.publisher("in").send("d", Threads.DEADLINE);
            assertThat(read(out, 1))
                    .as("what was left, and the subscription lives on")
                    .containsExactly("1 d 3");
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("interrupted");
            release.countDown();
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("CLOSED, closed true");
            await().atMost(Threads.DEADLINE)
                    .untilAsserted(() -> assertThat(Threads.named("millrace-" + name + "-deaf"))
                            .as("it has ended, and the other has not")
                            .hasSize(1));
            running.publisher("in").send("e", Threads.DEADLINE);
            running.publisher("in").close();

            assertThat(read(out, 2)).containsExactly("1 e 3", "1 closed in");
            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.failures()).as("its late failure is nobody's").isEmpty();
        }
    }

    @Test
    void shouldWakeTheIncarnationThatTookThePlaceOfAnotherWhenAReaderMakesRoom() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: deaf, class: "HERE.Deaf", health_check_timeout: 50ms, restart_policy: on-failure, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        List<String> tapped = new CopyOnWriteArrayList<>();
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Subscription out = running.subscribe("deaf/out", SubscribeOptions.backpressure(2));
            running.tap("deaf/out", SubscribeOptions.backpressure(2), message -> tapped.add(message.text()));
            running.publisher("in").send("hold", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deaf").incarnation() == 1
                            && running.status().node("deaf").state() == NodeState.RUNNING);
            for (int i = 0; i < 20; i++) {
                running.publisher("in").send("x", Threads.DEADLINE);
            }
            running.publisher("in").close();
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.explainStall().stream()
                            .anyMatch(stall -> stall.holder() == Stall.Holder.SUBSCRIPTION));

            assertThat(read(out, 21)).hasSize(21).endsWith("1 closed in");
            await().atMost(Threads.DEADLINE)
                    .untilAsserted(() -> assertThat(tapped).hasSize(21));
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            release.countDown();
        }
    }

    @Test
    void shouldCloseWhatItFedWhenItWasStoppedAloneAndDoesNotHeedTheInterrupt() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: deaf, class: "HERE.Deaf", restart_policy: always, inputs: {in: millrace/app/in}, outputs: [out]}
                  - {id: other, class: "HERE.Counter", inputs: {in: millrace/app/other}, outputs: [out]}
                """);
        try (PartRig rig = new PartRig(dataflow.graph())) {
            LocalPart part = rig.part("deaf", "other");
            Subscription out = PartRig.all(part, "deaf/out");
            ApplicationEnds ends = new ApplicationEnds(rig.graph(), PartRig.OPTIONS, edge -> {});
            try (ends) {
                ends.boundaryOutputs().forEach(edge -> ends.join(edge, part));
                ends.open();
                rig.run();
                ends.publisher("in").send("hold", Threads.DEADLINE);
                await().atMost(Threads.DEADLINE)
                        .until(() -> part.running().status().node("deaf").received() == 1);
                part.stopNode("deaf");

                assertThat(PartRig.rest(out)).isEmpty();
                assertThat(part.running().status().node("deaf").state()).isEqualTo(NodeState.ABANDONED);
                assertThat(part.running().status().node("other").state()).isEqualTo(NodeState.RUNNING);
            }
            release.countDown();
        }
    }

    private void assertThatItRunsAgainWhenThatIsAskedDuring(String message) throws Exception {
        Dataflow dataflow = parse("""
                  - {id: deaf, class: "HERE.Deaf", inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        try (PartRig rig = new PartRig(dataflow.graph());
                ApplicationEnds ends = new ApplicationEnds(rig.graph(), PartRig.OPTIONS, edge -> {})) {
            LocalPart part = rig.part("deaf");
            Subscription out = PartRig.all(part, "deaf/out");
            ends.boundaryOutputs().forEach(edge -> ends.join(edge, part));
            ends.open();
            rig.run();
            ends.publisher("in").send(message, Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> part.running().status().node("deaf").received() == 1);

            part.restartNode("deaf");
            await().atMost(Threads.DEADLINE)
                    .until(() -> part.running().status().node("deaf").incarnation() == 1
                            && part.running().status().node("deaf").state() == NodeState.RUNNING);
            ends.publisher("in").send("x", Threads.DEADLINE);

            assertThat(read(out, 1)).containsExactly("1 x -1");
            release.countDown();
        }
    }

    @Test
    void shouldRunAgainAsAskedWhenItsCodeEndsByTheInterrupt() throws Exception {
        assertThatItRunsAgainWhenThatIsAskedDuring("wait");
    }

    @Test
    void shouldRunAgainAsAskedWhenItsCodeDoesNotComeBack() throws Exception {
        assertThatItRunsAgainWhenThatIsAskedDuring("hold");
    }

    /** Looks at its first message until the test lets it go, and at each after it once. */
    public static final class Holder implements Node {
        @Override
        public void run(NodeContext context) {
            SupervisionTest test = TESTS.get(context.dataflow());
            for (Event event = context.next(); event != null; event = context.next()) {
                if (event.type() == Event.Type.INPUT) {
                    while (test.holderMayGoOn.getCount() > 0 && context.sleep(Duration.ofMillis(1))) {
                        continue;
                    }
                    test.late.add("held " + event.message().text());
                }
            }
        }
    }

    private Dataflow held() {
        return parse("""
                  - {id: deaf, class: "HERE.Deaf", health_check_timeout: 50ms, restart_policy: on-failure, inputs: {in: millrace/app/in}, outputs: [out]}
                  - {id: holder, class: "HERE.Holder", inputs: {in: deaf/out}}
                """);
    }

    @Test
    void shouldLeaveAConsumerTheMessageInItsHandWhenTheEdgeIsMadeAnew() throws Exception {
        assertThatItsMessageStaysInHand(
                held().start(OPTIONS.toBuilder().debug(true).build()));
    }

    @Test
    void shouldLeaveAConsumerTheMessageInItsHandWhenTheEdgeFromAnotherPartIsMadeAnew() throws Exception {
        assertThatItsMessageStaysInHand(JoinedParts.start(
                held().graph(), OPTIONS.toBuilder().debug(true).build(), 2));
    }

    private void assertThatItsMessageStaysInHand(RunningDataflow running) throws Exception {
        try (running) {
            running.publisher("in").send("abc", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("holder").received() == 1);
            running.publisher("in").send("hold", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deaf").incarnation() == 1
                            && running.status().node("deaf").state() == NodeState.RUNNING);
            running.publisher("in").send("d", Threads.DEADLINE);
            running.publisher("in").close();
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deaf").state() == NodeState.FINISHED);
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("interrupted");
            holderMayGoOn.countDown();

            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("held 0 abc -1");
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("held 1 d 3");
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("held 1 closed in");
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            release.countDown();
        }
    }

    /** Works on and on, and looks whether it is to stop; config {@code elsewhere} has a thread of its own do the looking. */
    public static final class Working implements Node {
        @Override
        public void run(NodeContext context) throws InterruptedException {
            if (context.config().has("elsewhere")) {
                Thread looking = new Thread(() -> work(context), "looking");
                looking.setDaemon(true);
                looking.start();
                looking.join();
            } else {
                work(context);
            }
        }

        private static void work(NodeContext context) {
            while (!context.isStopping()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldNotCountALoopAsStuckWhenItLooksWhetherItIsToStop() {
        Dataflow dataflow = parse("""
                  - {id: working, class: "HERE.Working", health_check_timeout: 50ms, restart_policy: on-failure, outputs: [out]}
                """);
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            running.listen(events::add);

            await().during(Duration.ofMillis(500))
                    .atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("working").incarnation() == 0
                            && events.stream().noneMatch(DataflowEvent.NodeStuck.class::isInstance));
        }
    }

    @Test
    void shouldCountALoopAsStuckWhenOnlyAnotherThreadOfItsLooksWhetherItIsToStop() {
        Dataflow dataflow = parse("""
                  - {id: working, class: "HERE.Working", config: {elsewhere: true}, health_check_timeout: 50ms, outputs: [out]}
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("working").state() == NodeState.STUCK);
        }
    }

    /** Sends at each depth until its stack overflows, wherever that comes. */
    public static final class Deep implements Node {
        private final ByteBuffer payload = ByteBuffer.allocate(16);

        @Override
        public void run(NodeContext context) {
            try {
                send(context.output("out"), context.incarnation() % 40);
            } catch (StackOverflowError e) {
                throw new IllegalStateException("its stack overflowed"); // the stack of that would fill the log
            }
        }

        @SuppressWarnings("InfiniteRecursion") // that is what it is for
        private int send(Output out, int depth) {
            if (depth > 1000) {
                out.send(payload);
            }
            return send(out, depth + 1) + 1;
        }
    }

    /** Fails if a message of one incarnation is missing, or comes again, unless its edge may lose some. */
    public static final class Sequel implements Operator {
        private boolean isLossless;
        private int incarnation = -1;
        private long sequence;

        @Override
        public void open(NodeContext context) {
            isLossless = context.config().flag("lossless");
        }

        @Override
        public void onInput(Input input, Message message) {
            boolean isSame = message.incarnation() == incarnation;
            long ahead = message.sequence() - sequence;
            if (message.length() != 16 || isSame && (isLossless ? ahead != 1 : ahead < 1)) {
                throw new IllegalStateException("after " + sequence + " came " + message.sequence());
            }
            incarnation = message.incarnation();
            sequence = message.sequence();
        }
    }

    @ParameterizedTest
    @CsvSource({"backpressure, true", "drop_oldest, false", "latest, false"})
    void shouldHarmNobodyWhenTheStackOverflowsInTheMiddleOfAMessage(String policy, boolean isLossless)
            throws Exception {
        Dataflow dataflow = parse("""
                  - {id: deep, class: "HERE.Deep", restart_policy: on-failure, outputs: [out]}
                  - {id: sequel, class: "HERE.Sequel", config: {lossless: %s}, inputs: {in: {source: deep/out, queue_policy: %s}}}
                """.formatted(isLossless, policy));
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deep").incarnation() >= 200
                            || running.status().node("sequel").state().isFinal());
            assertThat(running.status().node("sequel").state()).isEqualTo(NodeState.RUNNING);
            long received = running.status().node("sequel").received();

            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("sequel").received() > received);
        }
    }

    /** Waits for the test at {@code wait}, and in {@code close}, whatever interrupts it, if it is the first incarnation. */
    public static final class SlowToClose implements Node {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void run(NodeContext own) throws InterruptedException {
            for (Event event = own.next(); event != null; event = own.next()) {
                if (event.type() == Event.Type.INPUT && event.message().text().equals("wait")) {
                    TESTS.get(own.dataflow()).release.await();
                }
            }
        }

        @Override
        public void close() {
            if (context.incarnation() == 0) {
                TESTS.get(context.dataflow()).hold();
            }
        }
    }

    @Test
    void shouldReplaceALoopThatHeedsTheInterruptAndThenDoesNotComeBackFromClose() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: slow, class: "HERE.SlowToClose", health_check_timeout: 50ms, restart_policy: on-failure, inputs: {in: millrace/app/in}}
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            running.publisher("in").send("wait", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("slow").state().isFinal()
                            || running.status().node("slow").incarnation() == 1
                                    && running.status().node("slow").state() == NodeState.RUNNING);
            assertThat(running.status().node("slow").state()).isEqualTo(NodeState.RUNNING);
            running.publisher("in").close();

            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            release.countDown();
        }
    }

    /** Fails at its first message, and does not come back from {@code close} before the test lets it. */
    public static final class StuckInClose implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            throw new IllegalStateException("told to fail");
        }

        @Override
        public void close() {
            if (context.incarnation() == 0) {
                TESTS.get(context.dataflow()).hold();
            }
        }
    }

    @Test
    void shouldLetOthersOnTheSameThreadGoOnWhenANodeDoesNotComeBackFromClose() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: slow, class: "HERE.StuckInClose", health_check_timeout: 50ms, restart_policy: on-failure, inputs: {in: millrace/app/slow}}
                  - {id: other, class: "HERE.Counter", inputs: {in: millrace/app/other}, outputs: [out]}
                """);
        try (RunningDataflow running =
                dataflow.start(OPTIONS.toBuilder().threads(1).build())) {
            Subscription out = running.subscribe("other/out", SubscribeOptions.backpressure(100));
            running.publisher("slow").send("x", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("slow").state() == NodeState.STUCK);
            running.publisher("other").send("x", Threads.DEADLINE);

            assertThat(read(out, 1)).containsExactly("1");
            assertThat(late).as("what is given back is not cut short").isEmpty();
            release.countDown();
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("slow").incarnation() == 1
                            && running.status().node("slow").state() == NodeState.RUNNING);
        }
    }

    @Test
    void shouldReplaceAnEdgeOfANodeToItselfAsWell() throws Exception {
        try (RunningDataflow running = deaf("restart_policy: on-failure").start(OPTIONS)) {
            running.publisher("in").send("hold", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deaf").incarnation() == 1
                            && running.status().node("deaf").state() == NodeState.RUNNING);
            Subscription out = running.subscribe("deaf/out", SubscribeOptions.backpressure(100));
            running.publisher("in").send("go", Threads.DEADLINE);

            assertThat(read(out, 2)).containsExactly("1 go -1", "1 1 go -1 -1");
        }
    }

    @Test
    void shouldLetPublishersAndSubscribersComeAndGoWhileNodesFail() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: weak, class: "HERE.Weak", restart_policy: on-failure, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Threads threads = new Threads();
            threads.run(() -> {
                for (int i = 0; i < 3000; i++) {
                    running.publisher("in").send(Integer.toString(i), Threads.DEADLINE);
                }
                running.publisher("in").close();
                return null;
            });
            Subscription all = running.subscribe("weak/out", SubscribeOptions.backpressure(100));
            Threads.Task<Integer> reader = threads.run(() -> {
                int count = 0;
                while (!all.isClosed()) {
                    count += all.poll(message -> {}, Duration.ofSeconds(1));
                }
                return count;
            });
            while (running.state() == DataflowState.RUNNING) {
                Subscription brief = running.subscribe("weak/out", SubscribeOptions.dropOldest(10));
                brief.poll(message -> {}, Duration.ofMillis(1));
                brief.close();
            }

            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.status().node("weak").received()).isEqualTo(3000);
            assertThat(result.status().node("weak").incarnation()).isEqualTo(30);
            assertThat(result.status().node("weak").sent()).isEqualTo(2970);
            assertThat(reader.get()).isLessThanOrEqualTo(2970);
            threads.joinAll();
        }
    }

    /** Fails at each hundredth message. */
    public static final class Weak implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            if (message.text().endsWith("99")) {
                throw new IllegalStateException("weak at " + message.text());
            }
            context.output("out").send(message.text());
        }
    }

    // Kept on disk.

    /** Counts its messages, from one run to the next. */
    public static final class Counter implements Operator {
        private NodeContext context;
        private long count;

        @Override
        public void open(NodeContext opened) {
            context = opened;
            count = opened.restored().map(state -> state.getLong(0)).orElse(0L);
        }

        @Override
        public void onInput(Input input, Message message) {
            count++;
            ByteBuffer state = ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            context.checkpoint(state.putLong(0, count));
            context.output("out").send(Long.toString(count));
        }
    }

    private Dataflow counter() {
        return parse("  - {id: counter, class: \"HERE.Counter\", inputs: {in: millrace/app/in}, outputs: [out]}\n");
    }

    private StartOptions kept() {
        return OPTIONS.toBuilder().stateDirectory(directory.resolve("state")).build();
    }

    private List<String> count(int messages, @Nullable Duration stop) throws Exception {
        try (RunningDataflow running = counter().start(kept())) {
            Subscription out = running.subscribe("counter/out", SubscribeOptions.backpressure(100));
            for (int i = 0; i < messages; i++) {
                running.publisher("in").send("x", Threads.DEADLINE);
            }
            List<String> counted = read(out, messages);
            if (stop == null) {
                running.publisher("in").close();
            } else {
                running.stop(stop);
            }
            running.await(Threads.DEADLINE);
            return counted;
        }
    }

    @Test
    void shouldGoOnWhereItWasStoppedAndBeginAnewWhereItHasFinished() throws Exception {
        assertThat(count(3, Duration.ofSeconds(30))).containsExactly("1", "2", "3");
        assertThat(count(2, Duration.ofSeconds(30))).containsExactly("4", "5");
        assertThat(count(1, null)).containsExactly("6");
        assertThat(count(2, null)).as("it had finished").containsExactly("1", "2");
    }

    @Test
    void shouldNotStartWhenItsStateIsDamagedOrInUse() throws Exception {
        try (RunningDataflow running = counter().start(kept())) {
            Assertions.assertThatExceptionOfType(DataflowStartException.class)
                    .isThrownBy(() -> counter().start(kept()))
                    .withMessageContainingAll("dataflow '" + name + "' did not start: ", "is in use by another run");
            running.publisher("in").send("x", Threads.DEADLINE);
        }
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            Path file = files.filter(found -> found.toString().endsWith(".checkpoint"))
                    .findFirst()
                    .orElseThrow();
            Files.write(file, new byte[100]);
        }

        Assertions.assertThatExceptionOfType(DataflowStartException.class)
                .isThrownBy(() -> counter().start(kept()))
                .withMessageContainingAll("the checkpoint of 'counter' in '", "remove it to begin anew");
    }

    @Test
    void shouldHandOverWhatOneHasSentThatWasThenLeftBehind() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: deaf, class: "HERE.Deaf", health_check_timeout: 50ms, restart_policy: on-failure, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        List<String> tapped = new CopyOnWriteArrayList<>();
        CountDownLatch tapMayGoOn = new CountDownLatch(1);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Subscription out = running.subscribe("deaf/out", SubscribeOptions.backpressure(100));
            Tap tap = running.tap(List.of("deaf/out"), SubscribeOptions.backpressure(100), (from, message) -> {
                tapMayGoOn.await();
                tapped.add(message.text());
            });
            for (String text : List.of("a", "b", "c", "hold")) {
                running.publisher("in").send(text, Threads.DEADLINE);
            }
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().node("deaf").incarnation() == 1
                            && running.status().node("deaf").state() == NodeState.RUNNING);
            running.publisher("in").send("d", Threads.DEADLINE);
            running.publisher("in").close();
            tapMayGoOn.countDown();

            String[] expected = {"0 a -1", "0 b -1", "0 c -1", "1 d 1", "1 closed in"};
            assertThat(read(out, expected.length)).containsExactly(expected);
            tap.completion().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(tapped).containsExactly(expected);
            assertThat(tap.counts().get(0).received()).isEqualTo(expected.length);
            release.countDown();
        }
    }

    /** By the interrupt that comes at the end of the grace. */
    private static void assertThatItIsStoppedWithoutAFailure(RunningDataflow running, String node) throws Exception {
        running.stop(Duration.ofMillis(100));
        DataflowResult result = running.await(Threads.DEADLINE);
        assertThat(result.failures()).isEmpty();
        assertThat(result.status().node(node).state()).isEqualTo(NodeState.STOPPED);
    }

    /** In its second life it waits for the test within {@code open}. */
    public static final class SlowToOpen implements Operator {
        @Override
        public void open(NodeContext context) throws InterruptedException {
            if (context.incarnation() > 0) {
                SupervisionTest test = TESTS.get(context.dataflow());
                test.late.add("opens again");
                test.release.await();
            }
        }

        @Override
        public void onInput(Input input, Message message) {
            throw new IllegalStateException("told to fail");
        }
    }

    @Test
    void shouldBeStoppedAndNotFailWhenItIsInterruptedWhileItOpensAgain() throws Exception {
        Dataflow dataflow = parse("""
                  - {id: slow, class: "HERE.SlowToOpen", restart_policy: on-failure, inputs: {in: millrace/app/in}}
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            running.publisher("in").send("fail", Threads.DEADLINE);
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("opens again");

            assertThatItIsStoppedWithoutAFailure(running, "slow");
        }
    }

    /** Sends on what it gets. */
    public static final class Caller implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.output("out").send(message.text());
        }
    }

    /** Waits for the test. */
    public static final class Called implements Operator {
        private SupervisionTest test;

        @Override
        public void open(NodeContext context) {
            test = TESTS.get(context.dataflow());
        }

        @Override
        public void onInput(Input input, Message message) throws InterruptedException {
            test.late.add("called");
            test.release.await();
        }
    }

    @Test
    void shouldBeStoppedAndNotFailWhenItIsInterruptedWhileOneOfItsOperatorsCallsAnother() throws Exception {
        Dataflow dataflow = parse("""
                  - id: pair
                    operators:
                      - {id: caller, class: "HERE.Caller", inputs: {in: millrace/app/in}, outputs: [out]}
                      - {id: called, class: "HERE.Called", inputs: {in: pair/caller/out}}
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            running.publisher("in").send("go", Threads.DEADLINE);
            assertThat(late.poll(60, TimeUnit.SECONDS)).isEqualTo("called");

            assertThatItIsStoppedWithoutAFailure(running, "pair");
        }
    }
}
