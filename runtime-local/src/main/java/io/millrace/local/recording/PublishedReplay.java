package io.millrace.local.recording;

import io.millrace.Dataflow;
import io.millrace.graph.Deployment;
import io.millrace.graph.Execution;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource;
import io.millrace.graph.LogSettings;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source;
import io.millrace.graph.Supervision;
import io.millrace.layout.HybridClock;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A recording that is published into a dataflow, wherever its nodes run: in place of each replaced node stands one that sends on what this process reads from the recording.
 *
 * <pre>{@code
 * try (PublishedReplay replay = PublishedReplay.of(Recording.open(directory), dataflow, ReplayOptions.DEFAULT);
 *         RunningDataflow running = replay.dataflow().start(cluster)) {
 *     replay.feed(running);
 *     running.await();
 * }
 * }</pre>
 *
 * <p>The messages are published in the order in which they were recorded, with the payload, the format and the parameters that they had; each output's arrive in that order.
 * Nothing is lost on the way to the nodes that stand in: they read under backpressure. The nodes that stand in are placed anew: what they replace may have named a machine for
 * its hardware. One thread uses it; the counts, any.
 */
public final class PublishedReplay implements AutoCloseable {
    private static final int QUEUE_SIZE = 64;
    /** Between two looks whether the dataflow has ended, while there is no room. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Dataflow dataflow;
    private final RecordingReader reader;
    private final List<String> nodes;
    private final Map<String, String> fedNames;
    private final double speed;
    private final RecordedCodec codec = new RecordedCodec();
    private final AtomicBoolean isUsed = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private final AtomicLong untaken = new AtomicLong();
    private volatile boolean isCut;

    private PublishedReplay(
            Dataflow dataflow, RecordingReader reader, List<String> nodes, Map<String, String> fedNames, double speed) {
        this.dataflow = dataflow;
        this.reader = reader;
        this.nodes = nodes;
        this.fedNames = fedNames;
        this.speed = speed;
    }

    /**
     * Puts the recording in place of the nodes that the options name.
     *
     * @throws IllegalArgumentException if that cannot be done: a node does not exist, or has no output that was recorded; or nothing that is selected would be sent
     */
    public static PublishedReplay of(Recording recording, Dataflow into, ReplayOptions options) {
        Map<String, Set<String>> replaced = Replaced.of(recording, into.graph(), options);
        Map<String, String> fedNames = new LinkedHashMap<>();
        Dataflow replayed = into;
        for (Map.Entry<String, Set<String>> owner : replaced.entrySet()) {
            Optional<String> fed = Replaced.fedName(owner.getKey());
            if (fed.isPresent()) {
                fedNames.put(owner.getKey(), fed.get());
                continue;
            }
            Map<String, String> ownNames = new LinkedHashMap<>();
            for (String output : owner.getValue()) {
                ownNames.put(output, freeName(into.graph(), fedNames.size() + ownNames.size()));
            }
            replayed = replayed.withNode(standIn(into.graph().node(owner.getKey()), ownNames));
            fedNames.putAll(ownNames);
        }
        return new PublishedReplay(
                replayed,
                recording.read(Replaced.selection(recording, replaced, options)),
                List.copyOf(replaced.keySet()),
                fedNames,
                options.speed());
    }

    /** Names of the application's own are left alone. */
    private static String freeName(Graph graph, int number) {
        String name = "replay-" + number;
        while (graph.applicationInputs().contains(name)) {
            name += "-";
        }
        return name;
    }

    /** One piece of code: what were outputs of operators keep their names by having the operator's in them. */
    private static GraphNode standIn(GraphNode node, Map<String, String> fedNames) {
        List<GraphInput> inputs = new ArrayList<>();
        List<GraphOutput> outputs = new ArrayList<>();
        Map<String, Object> config = new LinkedHashMap<>();
        for (GraphOperator operator : node.operators()) {
            for (GraphOutput output : operator.outputs()) {
                String id = operator.id().isEmpty() ? output.id() : operator.id() + "/" + output.id();
                outputs.add(new GraphOutput(id, output.type(), output.location()));
                String fed = fedNames.get(node.portName(operator, output.id()));
                if (fed != null) {
                    inputs.add(input(fed, output));
                    config.put(fed, id);
                }
            }
        }
        GraphOperator code = new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.ClassSource(RecordedRelay.class.getName(), List.of(), config),
                inputs,
                outputs,
                Optional.empty(),
                LogSettings.NONE,
                node.location());
        return new GraphNode(
                node.id(),
                node.name(),
                node.description(),
                List.of(code),
                Map.of(),
                Deployment.NONE,
                Supervision.NONE,
                Execution.DEFAULT.withIdle(node.execution().idle()),
                node.location());
    }

    private static GraphInput input(String fed, GraphOutput output) {
        return new GraphInput(
                fed,
                new InputSource.Application(fed),
                QueuePolicy.BACKPRESSURE,
                QUEUE_SIZE,
                true,
                Optional.empty(),
                output.type(),
                output.location());
    }

    /** What to start: then it waits for {@link #feed}. */
    public Dataflow dataflow() {
        return dataflow;
    }

    /** The nodes whose place the recording takes; {@code millrace/app/NAME} for that of the application. */
    public List<String> nodes() {
        return nodes;
    }

    /**
     * Publishes the recording into a dataflow that was started, each message when it is due, and closes the inputs that it has fed. Blocks until all messages are on their way, the
     * dataflow has ended, or nobody reads any more.
     *
     * @param running of {@link #dataflow()}
     * @throws InterruptedException if the caller is interrupted; the inputs are closed
     * @throws InvalidRecordingException if the recording is damaged; the inputs are closed
     * @throws IllegalStateException the second time
     */
    public void feed(RunningDataflow running) throws InterruptedException {
        if (!isUsed.compareAndSet(false, true)) {
            throw new IllegalStateException("a replay is fed once: make another of the recording");
        }
        Map<String, Publisher> open = new HashMap<>();
        fedNames.forEach((output, name) -> open.put(output, running.publisher(name)));
        List<Publisher> all = List.copyOf(open.values());
        CountDownLatch ended = new CountDownLatch(1);
        running.completion().whenComplete((result, error) -> ended.countDown());
        try {
            feed(open, ended);
        } finally {
            all.forEach(Publisher::close);
        }
    }

    private void feed(Map<String, Publisher> open, CountDownLatch ended) throws InterruptedException {
        long beginNs = System.nanoTime();
        long firstNs = 0;
        boolean isFirst = true;
        for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
            long timestampNs = HybridClock.epochNanos(next.message().timestamp());
            firstNs = isFirst ? timestampNs : firstNs;
            isFirst = false;
            if (isOver(
                    ended, speed == 0 ? 0 : beginNs + (long) ((timestampNs - firstNs) / speed) - System.nanoTime())) {
                return;
            }
            Publisher publisher = open.get(next.output());
            if (publisher == null || send(next, publisher, ended) != SendResult.ACCEPTED) {
                untaken.incrementAndGet();
                open.remove(next.output());
            }
            if (open.isEmpty()) {
                return;
            }
        }
        isCut = reader.isCut();
    }

    /** Waits until the message is due. */
    private static boolean isOver(CountDownLatch ended, long leftNs) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while a recording was published");
        }
        return leftNs > 0 ? ended.await(leftNs, TimeUnit.NANOSECONDS) : ended.getCount() == 0;
    }

    private SendResult send(RecordedMessage recorded, Publisher publisher, CountDownLatch ended)
            throws InterruptedException {
        SendResult result = publisher.send(codec, recorded.message(), PATIENCE);
        while (result == SendResult.FULL && ended.getCount() > 0) {
            result = publisher.send(codec, recorded.message(), PATIENCE);
        }
        if (result == SendResult.ACCEPTED) {
            sent.incrementAndGet();
            missing.addAndGet(recorded.missing());
        }
        return result;
    }

    /** Messages published so far. */
    public long sent() {
        return sent.get();
    }

    /** Of what was published so far, how many messages the recorder had missed in between. */
    public long missing() {
        return missing.get();
    }

    /**
     * Messages that nobody took while others were taken: the inputs that they are for had closed, because nodes had ended or were out of reach for too long.
     */
    public long untaken() {
        return untaken.get();
    }

    /** Whether the recording has come to where it was cut, as by the end of the process that made it. */
    public boolean isCut() {
        return isCut;
    }

    /** Gives the recording's files back: after {@link #feed}. Idempotent. */
    @Override
    public void close() {
        reader.close();
    }

    @Override
    public String toString() {
        return "replay in place of " + nodes + " of " + dataflow;
    }
}
