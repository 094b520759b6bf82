package io.millrace.local.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.RunningDataflow;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MillraceMetricsTest {
    private static final String EDGE = "millrace/app/words -> sink/in";

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private static RunningDataflow start() {
        return Dataflow.builder("meters")
                .operator(
                        "sink",
                        () -> new Operator() {
                            @Override
                            public void onInput(Input input, Message message) {}
                        },
                        node -> node.input("in", "millrace/app/words", QueuePolicy.BACKPRESSURE, 4)
                                .input("tick", "dora/timer/secs/3600"))
                .build()
                .start();
    }

    private static void send(RunningDataflow running, String word, long received) throws InterruptedException {
        running.publisher("words").send(word, Duration.ofMinutes(1));
        Awaitility.await("it has come")
                .atMost(Duration.ofMinutes(1))
                .until(() -> running.metrics().edge(EDGE).received() == received);
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void shouldShowNodesEdgesAndTimersWhenItIsBound() throws Exception {
        try (RunningDataflow running = start();
                MillraceMetrics meters = new MillraceMetrics(running, Tags.of("host", "here"))) {
            meters.bindTo(registry);
            send(running, "hello", 1);
            Awaitility.await("the first tick")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> running.metrics().timer("sink/tick").ticks() == 1);
            clock.add(Duration.ofSeconds(1));

            String[] node = {"dataflow", "meters", "node", "sink", "host", "here"};
            assertThat(counter("millrace.node.received", node)).isEqualTo(2);
            assertThat(counter("millrace.node.received.bytes", node)).isEqualTo(5);
            assertThat(registry.get("millrace.node.running").tags(node).gauge().value())
                    .isEqualTo(1);
            assertThat(counter("millrace.edge.received", "edge", EDGE, "node", "sink"))
                    .isEqualTo(1);
            assertThat(counter("millrace.edge.lost", "edge", EDGE, "reason", "dropped"))
                    .isZero();
            assertThat(registry.get("millrace.edge.backlog.max")
                            .tags("edge", EDGE)
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(counter("millrace.timer.ticks", "input", "sink/tick")).isEqualTo(1);
            DataflowMetrics now = running.metrics();
            assertThat(registry.get("millrace.edge.hop.percentile")
                            .tags("edge", EDGE, "phi", "0.99")
                            .timeGauge()
                            .value(TimeUnit.NANOSECONDS))
                    .isCloseTo((double) now.edge(EDGE).hop().p99Ns(), withinPercentage(0.001))
                    .isPositive();
            assertThat(registry.get("millrace.timer.lateness.max").timeGauge().value(TimeUnit.NANOSECONDS))
                    .isCloseTo((double) now.timer("sink/tick").lateness().maxNs(), withinPercentage(0.001));
        }
    }

    @Test
    void shouldReadTheDataflowOnceForAMomentAndAgainLater() throws Exception {
        try (RunningDataflow running = start();
                MillraceMetrics meters = new MillraceMetrics(running)) {
            meters.bindTo(registry);
            assertThat(counter("millrace.edge.received")).isZero();
            send(running, "one", 1);
            assertThat(counter("millrace.edge.received")).as("the same moment").isZero();
            clock.add(Duration.ofMillis(100));

            assertThat(counter("millrace.edge.received")).isEqualTo(1);
        }
    }

    @Test
    void shouldCountOnWhenNobodyHoldsTheBinderAndLeaveWhenItIsClosed() throws Exception {
        RunningDataflow running = start();
        MillraceMetrics meters = new MillraceMetrics(running);
        meters.bindTo(registry);
        send(running, "one", 1);
        running.close();
        System.gc();
        clock.add(Duration.ofSeconds(1));
        assertThat(counter("millrace.edge.received")).isEqualTo(1);
        assertThat(registry.get("millrace.node.running").gauge().value()).isZero();

        meters.close();

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldKeepItsCountersAndBeWalkedWhenMetricsCannotBeRead() throws Exception {
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Snapshot.class);
        heard.start();
        log.addAppender(heard);
        AtomicReference<UnaryOperator<DataflowMetrics>> seen = new AtomicReference<>(UnaryOperator.identity());
        try (RunningDataflow running = start();
                MillraceMetrics meters = new MillraceMetrics(seenAs(running, seen))) {
            meters.bindTo(registry);
            send(running, "one", 1);
            assertThat(counter("millrace.edge.received")).isEqualTo(1);

            seen.set(now -> {
                throw new IllegalStateException("no master answers");
            });
            clock.add(Duration.ofSeconds(1));
            assertThatCode(this::walk).doesNotThrowAnyException();
            assertThat(counter("millrace.edge.received")).isEqualTo(1);
            assertThat(registry.get("millrace.edge.backlog").gauge().value()).isNaN();

            seen.set(now -> new DataflowMetrics(now.name(), List.of(), List.of(), List.of()));
            clock.add(Duration.ofSeconds(1));
            assertThatCode(this::walk).as("a part is away").doesNotThrowAnyException();
            assertThat(counter("millrace.edge.received")).isEqualTo(1);

            seen.set(UnaryOperator.identity());
            send(running, "two", 2);
            clock.add(Duration.ofSeconds(1));
            assertThat(counter("millrace.edge.received")).isEqualTo(2);
            assertThat(heard.list)
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement(STRING)
                    .startsWith("dataflow 'meters': metrics cannot be read")
                    .endsWith("no master answers");
        } finally {
            log.detachAppender(heard);
        }
    }

    @Test
    void shouldAskOnceForAMomentWhenMetricsCannotBeRead() throws Exception {
        AtomicReference<UnaryOperator<DataflowMetrics>> seen = new AtomicReference<>(UnaryOperator.identity());
        try (RunningDataflow running = start();
                MillraceMetrics meters = new MillraceMetrics(seenAs(running, seen))) {
            meters.bindTo(registry);
            AtomicInteger asked = new AtomicInteger();
            seen.set(now -> {
                asked.incrementAndGet();
                clock.add(Duration.ofSeconds(5)); // until the cluster's timeout
                throw new IllegalStateException("no master answers");
            });
            walk();

            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void shouldRefuseAnotherDataflowOfTheNameWhenItsTagsAreTheSame() throws Exception {
        try (RunningDataflow first = start();
                RunningDataflow second = start();
                MillraceMetrics firstMeters = new MillraceMetrics(first)) {
            MillraceMetrics secondMeters = new MillraceMetrics(second);
            MillraceMetrics tagged = new MillraceMetrics(second, Tags.of("run", "2"));
            firstMeters.bindTo(registry);
            List<Meter> bound = registry.getMeters();
            assertThatThrownBy(() -> secondMeters.bindTo(registry))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the registry has a meter 'millrace.node.received' with the tags")
                    .hasMessageContaining("new MillraceMetrics(running, Tags.of(\"run\", \"2\"))");
            secondMeters.close();
            assertThat(registry.getMeters()).containsExactlyInAnyOrderElementsOf(bound);

            tagged.bindTo(registry);
            send(second, "one", 1);
            clock.add(Duration.ofSeconds(1));
            assertThat(counter("millrace.edge.received", "run", "2")).isEqualTo(1);
            tagged.close();
            assertThat(registry.getMeters()).containsExactlyInAnyOrderElementsOf(bound);
        }
    }

    @Test
    void shouldRemoveOnlyItsOwnMetersWhenAnotherHasTakenTheirPlace() {
        try (RunningDataflow first = start();
                RunningDataflow second = start();
                MillraceMetrics secondMeters = new MillraceMetrics(second)) {
            MillraceMetrics firstMeters = new MillraceMetrics(first);
            firstMeters.bindTo(registry);
            firstMeters.bindTo(registry); // its own are no obstacle
            List<Meter> bound = registry.getMeters();
            registry.clear();
            secondMeters.bindTo(registry);
            firstMeters.close();

            assertThat(registry.getMeters()).hasSameSizeAs(bound);
        }
    }

    private void walk() {
        registry.forEachMeter(meter -> meter.measure().forEach(Measurement::getValue));
    }

    /** The handle with other metrics. */
    private static RunningDataflow seenAs(
            RunningDataflow running, AtomicReference<UnaryOperator<DataflowMetrics>> metrics) {
        return (RunningDataflow) Proxy.newProxyInstance(
                RunningDataflow.class.getClassLoader(),
                new Class<?>[] {RunningDataflow.class},
                (proxy, method, arguments) -> method.getName().equals("metrics")
                        ? metrics.get().apply(running.metrics())
                        : method.invoke(running, arguments));
    }
}
