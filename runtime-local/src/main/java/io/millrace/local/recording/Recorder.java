package io.millrace.local.recording;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import io.millrace.layout.MessageView;
import io.millrace.local.recording.RecordingWriter.Totals;
import io.millrace.node.Clock;
import io.millrace.node.Message;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what outputs of a running dataflow send, and what the application publishes into it: a tap whose thread writes to a Chronicle Queue. Any thread.
 *
 * <pre>{@code
 * try (Recorder recorder = Recorder.open(directory, RecorderOptions.DEFAULT);
 *         RunningDataflow running = dataflow.start(
 *                 StartOptions.builder().whenOpen(recorder::attach).build())) {
 *     running.await();
 * }
 * }</pre>
 *
 * <p>Of a dataflow on a cluster it records what is published by the handle that it is attached to, and not what other processes publish.
 *
 * <p>What was written survives the end of the process, however it comes, but not that of the machine. If the recorder fails, for want of room on the disk, it ends and
 * the dataflow runs on: {@link #counts()} tells.
 */
public final class Recorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_CLOSE_TIME = Duration.ofMinutes(1);
    private static final long ANCHOR_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** At a high rate the clock is not read for so many messages: it costs a good part of what writing one does. */
    private static final int MAX_MESSAGES_PER_READING = 8;

    /** In units of a timestamp: some 16 microseconds. What was sent that much later than the message at which the clock was read has it read again. */
    private static final long MAX_TICKS_PER_READING = (16L << 32) / 1_000_000;

    private final Path directory;
    private final RecorderOptions options;
    private final Clock clock = Clock.system();
    private final AtomicLong bytes = new AtomicLong();

    private final RecordingWriter.Opening writers;

    // Guarded by this, until the tap is attached; then its thread's until it has ended.
    private @Nullable RecordingWriter writer;
    private final Map<String, Track> tracks = new HashMap<>();
    private long anchorNs;
    private long anchorEpochNs;
    private long lastNs;
    private long lastTimestamp;
    private int messagesUntilReading;
    private String lastOutput = "";
    private @Nullable Track lastTrack;

    // Guarded by this.
    private @Nullable Tap tap;
    private boolean isClosed;
    private @Nullable Throwable endFailure;

    /** @param writers used when it is attached: until then it leaves nothing behind, however the process ends */
    Recorder(Path directory, RecorderOptions options, RecordingWriter.Opening writers) {
        this.directory = directory;
        this.options = options;
        this.writers = writers;
        anchor(clock.nanoTime());
    }

    /** What of an output was recorded last. */
    private static final class Track {
        private final int number;
        private boolean isBegun; // whether the next message follows others that were to be recorded
        private int incarnation;
        private long nextSequence;
        private final AtomicLong recorded = new AtomicLong(); // read by any

        /** @param isFromBegin whether nothing was sent yet: else what was sent before the first message here is not missing */
        Track(int number, boolean isFromBegin) {
            this.number = number;
            this.isBegun = isFromBegin;
        }

        /** How many messages are missing before this one. */
        long missingBefore(Message message) {
            long sequence = message.sequence();
            long expected = incarnation == message.incarnation() ? nextSequence : 0;
            long missing = isBegun ? Math.max(0, sequence - expected) : 0;
            isBegun = true;
            incarnation = message.incarnation();
            nextSequence = sequence + 1;
            return missing;
        }
    }

    /**
     * Makes a recorder that waits for its dataflow. Blocks on the file system, for up to a second.
     *
     * @param directory made if there is none; must be empty
     * @throws IllegalArgumentException if the directory is not empty, or no directory
     * @throws IllegalStateException if Chronicle Queue is not at hand, or this JVM lacks the flags that it needs: the message lists them
     * @throws UncheckedIOException if the directory cannot be made or written
     */
    public static Recorder open(Path directory, RecorderOptions options) {
        Objects.requireNonNull(options, "options");
        Chronicle.prepare();
        try {
            makeEmpty(directory);
            RecordingWriter.open(directory).close(); // what cannot be is found now, and Chronicle is loaded
            return new Recorder(directory, options, RecordingWriter::open);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record to '" + directory + "': " + e, e);
        }
    }

    /**
     * Begins to record a dataflow that runs already: what it sends from now on. Blocks as {@link #open} does, and until the nodes have taken notice.
     *
     * @throws IllegalArgumentException also if the options name an output that there is not
     */
    public static Recorder start(RunningDataflow running, Path directory, RecorderOptions options) {
        Recorder recorder = open(directory, options);
        try {
            recorder.attach(running);
            return recorder;
        } catch (RuntimeException e) {
            recorder.close();
            throw e;
        }
    }

    private static void makeEmpty(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException("cannot record to '" + directory + "': it is no directory");
        }
        Files.createDirectories(directory);
        if (!Files.isWritable(directory)) { // Chronicle would say that it is a queue to be read only
            throw new AccessDeniedException(directory.toString(), null, "it cannot be written");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.anyMatch(entry -> !RecordingWriter.isOfNoRecording(entry))) {
                throw new IllegalArgumentException("cannot record to '" + directory
                        + "': it is not empty, and a recording needs a directory of its own");
            }
            RecordingWriter.deleteFiles(directory);
        } catch (NotDirectoryException e) {
            throw new IllegalArgumentException("cannot record to '" + directory + "': it is no directory", e);
        }
    }

    /**
     * Begins to record. Given to {@link io.millrace.runtime.StartOptions.Builder#whenOpen} it misses nothing.
     *
     * @throws IllegalArgumentException if the options name an output that there is not; the message lists those there are. Also if another recorder has the directory
     * @throws IllegalStateException if the recorder has a dataflow already, or is closed
     * @throws UncheckedIOException if the directory cannot be written
     */
    public synchronized void attach(RunningDataflow running) {
        if (tap != null || isClosed) {
            throw new IllegalStateException("the recorder of '" + directory
                    + "' was attached or closed before: a recording is of one dataflow");
        }
        List<String> all = outputs(running.graph());
        List<String> chosen = options.outputs().isEmpty() ? all : resolved(running.graph(), options.outputs(), all);
        if (chosen.isEmpty() || chosen.size() > RecordingFormat.MAX_OUTPUTS) {
            throw new IllegalArgumentException("dataflow '" + running.name() + "' has " + chosen.size()
                    + " outputs to record: expected 1 to " + RecordingFormat.MAX_OUTPUTS);
        }
        boolean isFromBegin = running.state() == DataflowState.STARTING;
        for (int number = 0; number < chosen.size(); number++) {
            tracks.put(chosen.get(number), new Track(number, isFromBegin));
        }
        RecordingWriter opened = openWriter();
        writer = opened;
        opened.header(header(running, chosen), clock.epochNanos());
        bytes.set(opened.bytes());
        tap = running.tap(chosen, options.edge(), new Writing(opened));
    }

    private RecordingWriter openWriter() {
        try {
            if (RecordingWriter.isIn(directory)) {
                throw new IllegalArgumentException(
                        "cannot record to '" + directory + "': another recorder has taken it in the meantime");
            }
            return writers.open(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record to '" + directory + "': " + e, e);
        }
    }

    private static List<String> outputs(Graph graph) {
        List<String> outputs = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                operator.outputs().forEach(output -> outputs.add(node.portName(operator, output.id())));
            }
        }
        graph.applicationInputs().forEach(name -> outputs.add(new InputSource.Application(name).toString()));
        return outputs;
    }

    /** By their full names, each once. */
    private static List<String> resolved(Graph graph, List<String> names, List<String> all) {
        return names.stream()
                .map(name -> graph.findOutput(name)
                        .or(() -> graph.edges().stream()
                                .filter(edge -> edge.name().equals(name))
                                .findFirst()
                                .map(edge -> edge.from()))
                        .map(Object::toString)
                        .or(() -> all.stream().filter(name::equals).findFirst())
                        .orElseThrow(() -> new IllegalArgumentException("cannot record '" + name + "': dataflow '"
                                + graph.name() + "' has no such output or edge; its outputs are " + all)))
                .distinct()
                .toList();
    }

    private RecordingHeader header(RunningDataflow running, List<String> outputs) {
        return new RecordingHeader(
                running.name(),
                running.graph().file().flatMap(Recorder::text),
                outputs,
                clock.instant(),
                Optional.ofNullable(Recorder.class.getPackage().getImplementationVersion())
                        .orElse("development"),
                options.edge().policy() != io.millrace.graph.QueuePolicy.BACKPRESSURE);
    }

    /** A recording without it is worth as much to all but people. */
    private static Optional<String> text(Path file) {
        try {
            return Files.size(file) > RecordingHeader.MAX_TEXT_BYTES
                    ? Optional.empty()
                    : Optional.of(Files.readString(file));
        } catch (IOException e) {
            LOG.info("the text of '{}' is not in the recording, for it cannot be read: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** What the tap's thread does. None of it allocates. */
    private final class Writing implements TapHandler {
        private final RecordingWriter writer;

        Writing(RecordingWriter writer) {
            this.writer = writer;
        }

        @Override
        public void onMessage(String output, Message message) {
            Track track = track(output);
            writer.message(track.number, track.missingBefore(message), epochNs(message), (MessageView) message);
            track.recorded.lazySet(track.recorded.getPlain() + 1);
            bytes.lazySet(writer.bytes());
        }

        @Override
        public void onPause() {
            writer.endDocument();
        }
    }

    /** An output's name is one object, and the same one comes again and again. */
    @SuppressWarnings("ReferenceEquality")
    private Track track(String output) {
        Track track = lastTrack;
        if (track == null || output != lastOutput) {
            track = Objects.requireNonNull(tracks.get(output));
            lastTrack = track;
            lastOutput = output;
        }
        return track;
    }

    private long epochNs(Message message) {
        long timestamp = message.timestamp();
        long ticks = timestamp - lastTimestamp;
        if (--messagesUntilReading >= 0 && ticks >= 0 && ticks < MAX_TICKS_PER_READING) {
            return anchorEpochNs + (lastNs - anchorNs);
        }
        long nowNs = clock.nanoTime();
        messagesUntilReading = MAX_MESSAGES_PER_READING - 1;
        lastTimestamp = timestamp;
        lastNs = nowNs;
        if (nowNs - anchorNs >= ANCHOR_INTERVAL_NS) {
            anchor(nowNs);
        }
        return anchorEpochNs + (nowNs - anchorNs);
    }

    private void anchor(long nowNs) {
        anchorNs = nowNs;
        anchorEpochNs = clock.epochNanos();
    }

    /** What was done so far. */
    public synchronized RecorderCounts counts() {
        Tap attached = tap;
        List<RecorderCounts.Output> outputs = attached == null
                ? List.of()
                : attached.counts().stream()
                        .map(each -> new RecorderCounts.Output(
                                each.output(), recorded(each.output()), each.dropped(), each.heldUp()))
                        .toList();
        return new RecorderCounts(directory, bytes.get(), outputs, Optional.ofNullable(failure()));
    }

    /** What the tap has received may be one more: that which could not be written. */
    private long recorded(String output) {
        return Objects.requireNonNull(tracks.get(output)).recorded.get();
    }

    private @Nullable Throwable failure() {
        if (endFailure != null
                || tap == null
                || !tap.completion().toCompletableFuture().isDone()) {
            return endFailure;
        }
        return tap.completion()
                .handle((nothing, thrown) ->
                        thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown)
                .toCompletableFuture()
                .join();
    }

    /**
     * Ends the recording in order: what was sent by now is still written. Waits for that until nothing was written for ten seconds, a minute at the most, also on a thread
     * that is interrupted; then what is left is given up. Idempotent. To be called after the dataflow has ended, or while it runs on.
     */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        Tap attached = tap;
        boolean isWriterFree = attached == null || hasEnded(attached);
        if (!isWriterFree) {
            LOG.error("the recorder of '{}' stands still and was left behind; the recording has no end", directory);
            return;
        }
        boolean isInterrupted = Thread.interrupted(); // it would have the queue's files closed while they are written
        try {
            end(attached, writer);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(@Nullable Tap attached, @Nullable RecordingWriter opened) {
        if (opened == null) {
            return;
        }
        try {
            if (attached != null && failure() == null) {
                opened.end(
                        attached.counts().stream()
                                .map(each -> new Totals(recorded(each.output()), each.dropped()))
                                .toList(),
                        clock.epochNanos());
            }
        } catch (RuntimeException e) {
            endFailure = e;
            LOG.error("the recording to '{}' could not be ended", directory, e);
        } finally {
            opened.close();
        }
    }

    /** Whether the tap's thread has given the writer back. */
    private boolean hasEnded(Tap attached) {
        if (await(attached.end(), bytes::get, CLOSE_TIMEOUT, MAX_CLOSE_TIME)) {
            return true;
        }
        attached.close();
        endFailure = new IllegalStateException("the recorder of '" + directory
                + "' was closed before all was written: nothing was for " + CLOSE_TIMEOUT.toSeconds()
                + " s, or it took longer than " + MAX_CLOSE_TIME.toSeconds() + " s");
        return await(attached.completion(), TimeUnit.SECONDS.toNanos(1));
    }

    /**
     * @param progress changes for as long as waiting is worth while
     * @param timeout without progress
     * @param maxTime however much progress there is
     */
    static boolean await(CompletionStage<Void> completion, LongSupplier progress, Duration timeout, Duration maxTime) {
        long deadlineNs = System.nanoTime() + maxTime.toNanos();
        while (true) {
            long before = progress.getAsLong();
            long leftNs = deadlineNs - System.nanoTime();
            if (await(completion, Math.min(timeout.toNanos(), leftNs))) {
                return true;
            }
            if (leftNs <= timeout.toNanos() || progress.getAsLong() == before) {
                return false;
            }
        }
    }

    /** An interrupt does not end it, and is not forgotten: waiting is bounded anyway, and half of it would leave the files mapped. */
    private static boolean await(CompletionStage<Void> completion, long timeoutNs) {
        boolean isInterrupted = false;
        long deadlineNs = System.nanoTime() + timeoutNs;
        try {
            while (true) {
                try {
                    completion.toCompletableFuture().get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (ExecutionException e) {
                    return true; // with a failure, which is told elsewhere
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "recorder of '" + directory + "'";
    }
}
