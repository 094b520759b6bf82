package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.GraphSettings;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a dataflow begins and ends, where that is this runtime's own business. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CoordinatorTest {
    private static final Duration GRACE = Duration.ofMillis(100);
    private static final StartOptions OPTIONS =
            StartOptions.builder().closeGrace(GRACE).keepAlive(false).build();

    private final Threads threads = new Threads();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void shouldLeaveNoThreadBehind() throws Exception {
        release.countDown();
        threads.joinAll();
        Threads.awaitNone("millrace-flow");
    }

    /** An operator that does nothing until it is stopped. */
    private static final class Idle implements Operator {}

    /** Waits for the test's release, whatever interrupts it. */
    private void hold() {
        boolean isInterrupted = false;
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static DataflowBuilder flow() {
        return Dataflow.builder("flow");
    }

    private static Dataflow idle() {
        return flow().operator(
                        "idle",
                        Idle::new,
                        ports -> ports.input("in", "millrace/app/in").output("out"))
                .build();
    }

    private static DataflowStartException startFailure(Dataflow dataflow, StartOptions options) {
        return catchThrowableOfType(DataflowStartException.class, () -> dataflow.start(options));
    }

    // Threads.

    @Test
    void shouldNameItsThreadsAndMakeThemDaemons() {
        try (RunningDataflow running = idle().start(OPTIONS)) {
            assertThat(running.state()).isEqualTo(DataflowState.RUNNING);
            assertThat(thread("millrace-flow-idle")).get().matches(Thread::isDaemon);
            assertThat(thread("millrace-flow")).get().matches(Thread::isDaemon);
        }
    }

    @Test
    void shouldKeepTheJvmAliveByOneThreadUnlessToldNotTo() {
        StartOptions options = OPTIONS.toBuilder().keepAlive(true).build();

        try (RunningDataflow running = idle().start(options)) {
            assertThat(running.name()).isEqualTo("flow");
            assertThat(thread("millrace-flow-idle")).get().matches(Thread::isDaemon);
            assertThat(thread("millrace-flow")).get().matches(thread -> !thread.isDaemon());
        }
    }

    private static Optional<Thread> thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .findFirst();
    }

    @Test
    void shouldRunNodesOnThreadsOfTheFactoryThatItIsGiven() throws Exception {
        List<Thread> made = new CopyOnWriteArrayList<>();
        ThreadFactory factory = action -> {
            Thread thread = new Thread(action);
            made.add(thread);
            return thread;
        };
        AtomicReference<Thread> opened = new AtomicReference<>();
        Dataflow dataflow = flow().node("node", () -> context -> opened.set(Thread.currentThread()), ports -> {})
                .build();

        dataflow.start(OPTIONS.toBuilder().threadFactory(factory).build()).await();

        assertThat(made).containsExactly(opened.get());
        assertThat(opened.get().getName()).isEqualTo("millrace-flow-node");
    }

    @Test
    void shouldNotStartWhenTheThreadFactoryFails() {
        StartOptions none = OPTIONS.toBuilder().threadFactory(action -> null).build();
        StartOptions broken = OPTIONS.toBuilder()
                .threadFactory(action -> {
                    throw new AssertionError("no thread today");
                })
                .build();

        assertThat(startFailure(idle(), none))
                .hasMessageContaining("dataflow 'flow' did not start: ")
                .hasMessageContaining("the thread factory made no thread");
        assertThat(startFailure(idle(), broken))
                .hasMessage("dataflow 'flow' did not start: java.lang.AssertionError: no thread today")
                .hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void shouldCloseWhatWasOpenedWhenAThreadCannotBeStarted() {
        List<String> calls = new CopyOnWriteArrayList<>();
        Operator first = new Operator() {
            @Override
            public void open(NodeContext context) {
                calls.add("open");
            }

            @Override
            public void close() {
                calls.add("close");
            }
        };
        Dataflow dataflow = flow().operator("first", () -> first, ports -> {})
                .operator("second", Idle::new, ports -> {})
                .operator("third", Idle::new, ports -> {})
                .build();
        AtomicInteger made = new AtomicInteger();
        ThreadFactory startsTheSecond = action -> {
            if (made.incrementAndGet() != 2) {
                return new Thread(action);
            }
            Thread started = new Thread(() -> {});
            started.start();
            return started;
        };

        DataflowStartException failure = startFailure(
                dataflow, OPTIONS.toBuilder().threadFactory(startsTheSecond).build());

        assertThat(failure)
                .hasMessageStartingWith("dataflow 'flow' did not start: the thread of node 'second' cannot be started")
                .hasCauseInstanceOf(IllegalThreadStateException.class);
        assertThat(calls).containsExactly("open", "close");
    }

    // The start.

    @Test
    void shouldKeepWhatOthersThrewWhenTheStartHasFailed() {
        CountDownLatch bothOpening = new CountDownLatch(2);
        Operator broken = new Operator() {
            @Override
            public void open(NodeContext context) throws Exception {
                bothOpening.countDown();
                bothOpening.await();
                throw new IOException("no file\nand no other");
            }
        };
        Operator slow = new Operator() {
            @Override
            public void open(NodeContext context) throws Exception {
                bothOpening.countDown();
                new CountDownLatch(1).await();
            }
        };
        Dataflow dataflow = flow().operator("broken", () -> broken, ports -> {})
                .operator("slow", () -> slow, ports -> {})
                .build();

        DataflowStartException failure = startFailure(dataflow, OPTIONS);

        assertThat(failure)
                .hasMessage("dataflow 'flow' did not start: node 'broken' failed in open: java.io.IOException: no file"
                        + " and no other")
                .hasCauseInstanceOf(IOException.class);
        assertThat(failure.getSuppressed())
                .hasOnlyElementsOfType(InterruptedException.class)
                .hasSize(1);
    }

    @Test
    void shouldNameWhoIsStillInOpenWhenTheTimeHasPassed() {
        Operator stuck = new Operator() {
            @Override
            public void open(NodeContext context) {
                hold();
            }
        };
        Dataflow dataflow = flow().operator("fine", Idle::new, ports -> {})
                .operator("stuck", () -> stuck, ports -> {})
                .operator("asWell", () -> stuck, ports -> {})
                .build();

        DataflowStartException failure = startFailure(
                dataflow,
                OPTIONS.toBuilder().startTimeout(Duration.ofMillis(200)).build());

        assertThat(failure)
                .hasMessageStartingWith("dataflow 'flow' did not start within PT0.2S: still in open: node ")
                .hasMessageContaining("'stuck'")
                .hasMessageContaining("'asWell'");
        assertThat(failure.getSuppressed())
                .as("where they stand")
                .hasSize(2)
                .allSatisfy(left -> assertThat(left.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("hold")))
                .extracting(Throwable::getMessage)
                .contains("node 'stuck' did not end when it was interrupted, and its thread"
                        + " 'millrace-flow-stuck' was left behind");
    }

    @Test
    void shouldNotMindWhenOpenLeavesTheInterruptFlagSet() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        Operator careless = new Operator() {
            @Override
            public void open(NodeContext context) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void onInput(Input input, Message message) {
                calls.add(message.text());
            }
        };
        Dataflow dataflow = flow().operator("careless", () -> careless, ports -> ports.input("in", "millrace/app/in"))
                .build();

        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            running.publisher("in").send("still there", Threads.DEADLINE);
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(calls).containsExactly("still there");
    }

    @Test
    void shouldLetWhoWaitsForTheStartWaitForTheEnd() throws Exception {
        Dataflow dataflow =
                flow().node("brief", () -> context -> {}, ports -> {}).build();

        CompletionStage<DataflowState> ended = dataflow.startAsync(OPTIONS)
                .thenApply(running -> awaitEnd(running).state());

        assertThat(ended.toCompletableFuture().get(60, TimeUnit.SECONDS)).isEqualTo(DataflowState.FINISHED);
    }

    private static DataflowResult awaitEnd(RunningDataflow running) {
        try {
            return running.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // The end.

    @Test
    void shouldLetWhoWaitsForTheEndCloseIt() throws Exception {
        RunningDataflow running = flow().node("brief", () -> context -> hold(), ports -> {})
                .build()
                .start(OPTIONS);
        CompletableFuture<DataflowState> closed = running.completion()
                .thenApply(result -> {
                    running.close();
                    return awaitEnd(running).state();
                })
                .toCompletableFuture();

        release.countDown();

        assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldEndWhenSeveralThreadsStopAndCloseIt() throws Exception {
        RunningDataflow running = idle().start(OPTIONS);
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            boolean stops = i % 2 == 0;
            threads.run(() -> {
                go.await();
                if (stops) {
                    running.stop(GRACE);
                }
                running.close();
                return running.state();
            });
        }

        go.countDown();

        threads.joinAll();
        assertThat(running.state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldWaitForTheEndWhenTheGraceIsAsGoodAsEndless() {
        StartOptions patient = OPTIONS.toBuilder()
                .closeGrace(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        RunningDataflow running = idle().start(patient);

        running.close();

        assertThat(running.state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldEndSoonerWhenItIsToldAgainWithLessGrace() throws Exception {
        Node stubborn = new Node() {
            @Override
            public void run(NodeContext context) throws Exception {
                new CountDownLatch(1).await(); // hears of a stop only by the interrupt
            }
        };
        RunningDataflow running =
                flow().node("stubborn", () -> stubborn, ports -> {}).build().start(OPTIONS);
        running.stop(Duration.ofDays(1));
        running.stop(Duration.ofDays(2));
        await().atMost(Threads.DEADLINE).until(() -> running.state() == DataflowState.STOPPING);

        running.stop(Duration.ofMillis(1));

        DataflowResult result = running.await(Threads.DEADLINE);
        assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void shouldLeaveANodeBehindThatDoesNotEndAndSayWhereItStands() throws Exception {
        Node stuck = new Node() {
            @Override
            public void run(NodeContext context) {
                hold();
            }
        };
        RunningDataflow running = flow().node("stuck", () -> stuck, ports -> ports.output("out"))
                .build()
                .start(OPTIONS);
        Subscription before = subscribeWithoutWaiting(running);

        long beginNs = System.nanoTime();
        running.close();
        long tookNs = System.nanoTime() - beginNs;

        DataflowResult result = running.await(Duration.ZERO);
        assertThat(tookNs).isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(20));
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.status().node("stuck").state()).isEqualTo(NodeState.ABANDONED);
        assertThat(result.cause()).get().satisfies(cause -> {
            assertThat(cause.node()).isEqualTo("stuck");
            assertThat(cause.error()).hasMessageContaining("its thread 'millrace-flow-stuck' was left behind");
            assertThat(cause.error().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("hold"));
        });
        assertThat(before.isClosed()).as("nothing will ever come").isTrue();
        assertThat(before.poll(message -> {}, Duration.ofDays(1))).isZero();
        Subscription after = running.subscribe("stuck/out");
        assertThat(after.isClosed()).isTrue();
    }

    /** The node takes no notice, so this must not wait for it: on the thread that calls listeners it does not. */
    private Subscription subscribeWithoutWaiting(RunningDataflow running) throws Exception {
        CompletableFuture<Subscription> subscribed = new CompletableFuture<>();
        running.listen(event -> {
            if (event instanceof DataflowEvent.StateChanged) {
                subscribed.complete(running.subscribe("stuck/out"));
            }
        });
        running.stop(Duration.ofDays(1));
        return subscribed.get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldFailTheNodeThatUsesAMessageTooLateWhenItIsDebugged() throws Exception {
        Operator forgetful = new Operator() {
            private Message kept;

            @Override
            public void onInput(Input input, Message message) {
                if (kept == null) {
                    kept = message;
                } else {
                    kept.text();
                }
            }
        };
        Dataflow dataflow = flow().operator("forgetful", () -> forgetful, ports -> ports.input("in", "millrace/app/in"))
                .build();

        try (RunningDataflow running =
                dataflow.start(OPTIONS.toBuilder().debug(true).build())) {
            running.publisher("in").send("first", Threads.DEADLINE);
            running.publisher("in").send("second", Threads.DEADLINE);
            running.publisher("in").close();

            assertThat(running.await(Threads.DEADLINE).cause().orElseThrow().error())
                    .hasMessageStartingWith("this message is no longer valid");
        }
    }

    // Listeners.

    @Test
    void shouldGoOnWhenAListenerThrowsAnError() throws Exception {
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        try (RunningDataflow running = idle().start(OPTIONS)) {
            running.listen(event -> {
                throw new StackOverflowError("of a listener");
            });
            running.listen(event -> addUnlessOfTheStart(events, event));
            running.publisher("in").close();
            running.await(Threads.DEADLINE);
        }

        assertThat(events)
                .containsExactly(
                        new DataflowEvent.NodeStateChanged("idle", NodeState.FINISHED),
                        new DataflowEvent.StateChanged(DataflowState.FINISHED));
    }

    /** Nodes may still be on their way when the start has returned. */
    private static void addUnlessOfTheStart(List<DataflowEvent> events, DataflowEvent event) {
        if (!(event instanceof DataflowEvent.NodeStateChanged changed && changed.state() == NodeState.RUNNING)) {
            events.add(event);
        }
    }

    @Test
    void shouldCloseWithoutWaitingWhenAListenerDoesIt() throws Exception {
        RunningDataflow running = flow().operator("idle", Idle::new, ports -> ports.input("in", "millrace/app/in"))
                .operator("brief", Idle::new, ports -> ports.input("in", "millrace/app/brief"))
                .build()
                .start(OPTIONS);
        AtomicReference<DataflowState> stateAfterClose = new AtomicReference<>();
        running.listen(event -> {
            if (event.equals(new DataflowEvent.NodeStateChanged("brief", NodeState.FINISHED))) {
                running.close();
                stateAfterClose.set(running.state());
            }
        });

        running.publisher("brief").close();

        assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
        assertThat(stateAfterClose.get()).isEqualTo(DataflowState.RUNNING);
    }

    @Test
    @SuppressWarnings("NullAway") // that null is refused is what is tested
    void shouldRefuseNullOnTheThreadThatGivesIt() {
        try (RunningDataflow running = idle().start(OPTIONS)) {
            assertThatNullPointerException()
                    .isThrownBy(() -> running.stop(null))
                    .withMessage("grace");
            assertThatNullPointerException()
                    .isThrownBy(() -> running.listen(null))
                    .withMessage("listener");
            assertThat(running.id()).isEqualTo(running.name());
        }
    }

    @Test
    void shouldRefuseToWaitForTheEndWhereItIsBroughtAbout() throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        RunningDataflow running = idle().start(OPTIONS);
        running.listen(event -> {
            assertThatIllegalStateException().isThrownBy(() -> running.await(Duration.ofDays(1)));
            refused.complete(catchThrowableOfType(IllegalStateException.class, running::await));
        });

        running.publisher("in").close();

        assertThat(refused.get(60, TimeUnit.SECONDS))
                .hasMessage("dataflow 'flow': neither a listener nor who steps the dataflow can wait for the end, for"
                        + " this thread brings it about");
        running.await(Threads.DEADLINE);
    }

    @Test
    void shouldStopTheOthersWhenANodeFailsAndTheFileSaysSo() throws Exception {
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        RunningDataflow running = flow().settings(
                        new GraphSettings(GraphSettings.OnFailure.STOP, false, false, Optional.empty()))
                .node(
                        "failing",
                        () -> context -> {
                            hold();
                            throw new IOException("broken");
                        },
                        ports -> {})
                .operator("idle", Idle::new, ports -> ports.input("in", "millrace/app/in"))
                .build()
                .start(OPTIONS);
        running.listen(event -> addUnlessOfTheStart(events, event));
        release.countDown();

        DataflowResult result = running.await(Threads.DEADLINE);

        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.status().node("idle").state()).isEqualTo(NodeState.STOPPED);
        assertThat(events.get(0)).isEqualTo(new DataflowEvent.NodeStateChanged("failing", NodeState.FAILED));
        assertThat(events.get(1)).isInstanceOf(DataflowEvent.NodeFailed.class);
        assertThat(events.get(2)).isEqualTo(new DataflowEvent.StateChanged(DataflowState.STOPPING));
    }

    @Test
    void shouldEndWhenEvenTheMessageOfAFailureFails() throws Exception {
        RuntimeException hostile = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("not even that");
            }
        };
        RunningDataflow running = flow().node(
                        "failing",
                        () -> context -> {
                            throw hostile;
                        },
                        ports -> {})
                .build()
                .start(OPTIONS);

        assertThat(running.await(Threads.DEADLINE).cause().orElseThrow().error())
                .isSameAs(hostile);

        Operator opening = new Operator() {
            @Override
            public void open(NodeContext context) {
                throw hostile;
            }
        };
        assertThat(startFailure(
                        flow().operator("failing", () -> opening, ports -> {}).build(), OPTIONS))
                .hasMessageContaining("node 'failing' failed in open: ");
    }

    // Races.

    @Test
    void shouldCloseEverySubscriptionWhenItIsMadeAsTheNodeEnds() throws Exception {
        for (int round = 0; round < 150; round++) {
            Dataflow dataflow = flow().operator(
                            "relay",
                            Idle::new,
                            ports -> ports.input("in", "millrace/app/in").output("out"))
                    .build();
            try (RunningDataflow running = dataflow.start(OPTIONS)) {
                Threads.Task<Subscription> subscriber =
                        threads.run(() -> running.subscribe("relay/out", SubscribeOptions.backpressure(1)));
                running.publisher("in").close();
                Subscription subscription = subscriber.get();
                assertThat(subscription.poll(message -> {}, Threads.DEADLINE)).isZero();
                assertThat(subscription.isClosed()).as("round %s", round).isTrue();
            }
        }
    }

    @Test
    void shouldEndWhenItIsClosedAsItEndsByItself() throws Exception {
        for (int round = 0; round < 150; round++) {
            RunningDataflow running = idle().start(OPTIONS);
            Threads.Task<Object> closer = threads.run(() -> {
                running.close();
                return null;
            });
            running.publisher("in").close();
            closer.get();
            assertThat(running.state()).isIn(DataflowState.FINISHED, DataflowState.STOPPED);
        }
    }

    @Test
    void shouldLoseNothingWhenAnOperatorsLastCallbackSendsAndItsConsumerIsSlow() throws Exception {
        for (int round = 0; round < 30; round++) {
            Operator burst = new Operator() {
                private NodeContext context;

                @Override
                public void open(NodeContext opened) {
                    context = opened;
                }

                @Override
                public void onAllInputsClosed() {
                    for (int i = 0; i < 100; i++) {
                        assertThat(context.output("out").send("m" + i)).isEqualTo(SendResult.ACCEPTED);
                    }
                }
            };
            Dataflow dataflow = flow().operator(
                            "burst",
                            () -> burst,
                            ports -> ports.input("in", "millrace/app/in").output("out"))
                    .build();
            try (RunningDataflow running = dataflow.start(OPTIONS)) {
                Subscription out = running.subscribe("burst/out", SubscribeOptions.backpressure(3));
                running.publisher("in").close();
                int received = 0;
                while (!out.isClosed()) {
                    received += out.poll(message -> {}, Threads.DEADLINE);
                }
                assertThat(received).isEqualTo(100);
            }
        }
    }

    @Test
    void shouldRefuseToBeStartedTwice() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> {
                    io.millrace.runtime.PreparedDataflow prepared = PreparedLocalDataflow.begin(idle().graph(), OPTIONS)
                            .toCompletableFuture()
                            .get();
                    prepared.start().toCompletableFuture().get().close();
                    prepared.start();
                })
                .withMessage("dataflow 'flow' was started or abandoned before: prepare it again");
    }

    @Test
    void shouldRefuseToBeStartedOnceItIsAbandoned() throws Exception {
        io.millrace.runtime.PreparedDataflow prepared = PreparedLocalDataflow.begin(idle().graph(), OPTIONS)
                .toCompletableFuture()
                .get();

        prepared.abandon();
        prepared.abandon();

        assertThatIllegalStateException().isThrownBy(prepared::start);
    }

    /** Looks at its first message when it gets the second. */
    private static final class Forgetful {
        private @Nullable Message kept;

        void take(Message message) {
            if (kept == null) {
                kept = message;
            } else {
                kept.text();
            }
        }
    }

    @Test
    void shouldFindOutThatTheApplicationUsesAMessageTooLateWhenItIsDebugged() throws Exception {
        Dataflow dataflow = flow().node(
                        "source",
                        () -> context -> {
                            context.output("out").send("first");
                            context.output("out").send("second");
                        },
                        ports -> ports.output("out"))
                .build();
        AtomicReference<Subscription> subscription = new AtomicReference<>();
        AtomicReference<Tap> tap = new AtomicReference<>();
        StartOptions reading = OPTIONS.toBuilder()
                .debug(true)
                .whenOpen(running -> {
                    subscription.set(running.subscribe("source/out", SubscribeOptions.backpressure(10)));
                    tap.set(running.tap("source/out", SubscribeOptions.backpressure(10), new Forgetful()::take));
                })
                .build();

        try (RunningDataflow running = dataflow.start(reading)) {
            running.await(Threads.DEADLINE);
            assertThatIllegalStateException()
                    .isThrownBy(() -> subscription.get().poll(new Forgetful()::take))
                    .withMessageStartingWith("this message is no longer valid");
            assertThat(tap.get().completion().toCompletableFuture())
                    .failsWithin(Threads.DEADLINE)
                    .withThrowableThat()
                    .withMessageContaining("this message is no longer valid");
        }
    }

    @Test
    void shouldNameTheEdgeAndLeaveNothingOpenWhenThereIsNoMemoryForIt() {
        StringBuilder yaml = new StringBuilder("name: flow\nnodes:\n  - id: wide\n    path: /bin/true\n    inputs:\n");
        for (int i = 0; i < 100; i++) { // too much for any JVM that tests run in
            yaml.append("      i")
                    .append(i)
                    .append(": {source: millrace/app/in, queue_policy: backpressure, queue_size: 1048576}\n");
        }
        Dataflow dataflow = Dataflow.parse(yaml.toString());
        startFailure(dataflow, OPTIONS); // whatever is opened once in a JVM
        long before = openFiles();

        assertThat(startFailure(dataflow, OPTIONS))
                .hasMessageContaining("dataflow 'flow' did not start: ")
                .hasMessageMatching(
                        "(?s).*dataflow[.]yml:\\d+.*edge 'millrace/app/in -> wide/i\\d+': it needs \\d+ bytes outside the heap.*");
        assertThat(openFiles()).isEqualTo(before);
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
