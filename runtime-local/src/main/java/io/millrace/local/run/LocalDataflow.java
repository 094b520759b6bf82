package io.millrace.local.run;

import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.wiring.MetricsReading;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.local.wiring.Statuses;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handle of a dataflow in this JVM. Any thread. */
public final class LocalDataflow implements RunningDataflow {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDataflow.class);
    /** Beyond the grace: the second until nodes are abandoned, and one for the end itself. */
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(2);

    private final Wiring wiring;
    private final StartOptions options;
    private final Coordinator coordinator;
    private final LocalTaps taps;
    private final DataflowEnd end;
    private final Set<AppSubscription> subscriptions = ConcurrentHashMap.newKeySet(); // to be woken by the end

    LocalDataflow(Wiring wiring, StartOptions options, Coordinator coordinator) {
        this.wiring = wiring;
        this.options = options;
        this.coordinator = coordinator;
        this.taps = new LocalTaps(wiring, coordinator);
        this.end = new DataflowEnd(
                wiring.name(), coordinator.completion(), coordinator::isCallingThread, coordinator::isNodeThread);
        coordinator
                .completion()
                .minimalCompletionStage()
                .whenComplete((result, failure) -> subscriptions.forEach(AppSubscription::wake));
    }

    @Override
    public String name() {
        return wiring.name();
    }

    @Override
    public Graph graph() {
        return wiring.graph();
    }

    @Override
    public List<Problem> findings() {
        return wiring.findings();
    }

    @Override
    public DataflowState state() {
        return coordinator.state();
    }

    @Override
    public DataflowStatus status() {
        return Statuses.of(wiring, coordinator.state(), coordinator::nodeState);
    }

    @Override
    public List<Stall> explainStall() {
        return Stalls.of(wiring, coordinator.lives());
    }

    @Override
    public DataflowMetrics metrics() {
        return MetricsReading.of(wiring, coordinator::nodeState);
    }

    @Override
    public Publisher publisher(String name) {
        Publisher publisher = wiring.outputs().publishers().get(name);
        if (publisher == null) {
            throw new IllegalArgumentException("dataflow '" + name() + "' has no input that reads 'millrace/app/" + name
                    + "'; names read are " + wiring.outputs().publishers().keySet());
        }
        return publisher;
    }

    @Override
    public Subscription subscribe(String output, SubscribeOptions subscribeOptions) {
        OutputEnd producer = wiring.outputs()
                .find(output)
                .orElseThrow(() -> new IllegalArgumentException("dataflow '" + name() + "' has no output '" + output
                        + "'; its outputs are " + wiring.outputs().names()));
        WakeSignal signal = new WakeSignal();
        Supplier<Edge> edges =
                () -> wiring.rings().ringBeside(subscribeOptions, signal, producer, output + " -> application");
        Edge edge = edges.get();
        AppSubscription subscription = new AppSubscription(
                output,
                new ReadEdges(edge, wiring.retentions().ofApplication(output)),
                signal,
                subscribeOptions.queueSize(),
                coordinator.completion()::isDone,
                () -> 0,
                wiring.options().debug());
        producer.keep(subscription, edges);
        subscriptions.removeIf(AppSubscription::isOver);
        subscriptions.add(subscription);
        attach(subscription, producer, edge.writer());
        return subscription;
    }

    private void attach(AppSubscription subscription, OutputEnd producer, EdgeWriter writer) {
        Attachments attachments = new Attachments(coordinator);
        if (!attachments.add(producer, () -> producer.port().attach(writer))) {
            writer.close();
        }
        try {
            attachments.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            subscription.close();
            throw new IllegalStateException("interrupted while subscribing to '" + subscription.output() + "'", e);
        }
    }

    @Override
    public Tap tap(List<String> outputs, SubscribeOptions subscribeOptions, TapHandler handler) {
        return taps.add(outputs, subscribeOptions, handler);
    }

    @Override
    public void listen(Consumer<DataflowEvent> listener) {
        coordinator.listen(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public CompletionStage<DataflowResult> completion() {
        return coordinator.completion().minimalCompletionStage();
    }

    @Override
    public DataflowResult await() throws InterruptedException {
        return end.await();
    }

    @Override
    public DataflowResult await(Duration timeout) throws InterruptedException, TimeoutException {
        return end.await(timeout);
    }

    @Override
    public CompletionStage<DataflowResult> stop(Duration grace) {
        coordinator.stop(Objects.requireNonNull(grace, "grace"));
        return completion();
    }

    @Override
    public void close() {
        coordinator.stop(options.closeGrace());
        if (!coordinator.isOwnThread() && !end.awaitClosed(options.closeGrace(), CLOSE_MARGIN)) {
            LOG.error("dataflow '{}' has not ended within its grace", name());
        }
    }

    @Override
    public String toString() {
        return "dataflow '" + name() + "', " + state();
    }
}
