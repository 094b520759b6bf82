package io.millrace.local.recording;

import io.millrace.Dataflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A recording that takes the place of nodes of a dataflow, which is then started once like any other.
 *
 * <pre>{@code
 * try (Replay replay = Replay.of(Recording.open(directory), dataflow, ReplayOptions.DEFAULT);
 *         RunningDataflow running = replay.dataflow().start()) {
 *     running.await();
 * }
 * }</pre>
 *
 * <p>The messages are sent in the order in which they were recorded, also across nodes, with the payload, the format and the parameters that they had. Sequences,
 * incarnations and timestamps are those of this run. Recorded messages of other outputs are passed over. Any thread.
 *
 * <p>What sends them is code of this process: for a dataflow that runs on a cluster there is {@link PublishedReplay}.
 */
public final class Replay implements AutoCloseable {
    private final Dataflow dataflow;
    private final ReplaySchedule schedule;
    private final List<String> nodes;

    private Replay(Dataflow dataflow, ReplaySchedule schedule, List<String> nodes) {
        this.dataflow = dataflow;
        this.schedule = schedule;
        this.nodes = nodes;
    }

    /**
     * Puts the recording in place of the nodes that the options name.
     *
     * @throws IllegalArgumentException if that cannot be done: a node does not exist, or has no output that was recorded; or nothing that is selected would be sent
     */
    public static Replay of(Recording recording, Dataflow into, ReplayOptions options) {
        Map<String, Set<String>> outputs = Replaced.of(recording, into.graph(), options);
        List<String> owners = List.copyOf(outputs.keySet());
        Map<String, Integer> ownerOfOutput = new LinkedHashMap<>();
        outputs.forEach((node, names) -> names.forEach(name -> ownerOfOutput.put(name, owners.indexOf(node))));
        RecordingReader reader = recording.read(Replaced.selection(recording, outputs, options));
        ReplaySchedule schedule = new ReplaySchedule(reader, ownerOfOutput, owners.size(), options.speed());
        Dataflow replayed = into;
        for (int owner = 0; owner < owners.size(); owner++) {
            replayed = replayed(replayed, owners.get(owner), schedule, owner);
        }
        return new Replay(replayed, schedule, owners);
    }

    private static Dataflow replayed(Dataflow dataflow, String owner, ReplaySchedule schedule, int number) {
        return Replaced.fedName(owner)
                .map(name -> dataflow.withFeed(name, () -> new ReplaySource(schedule, number, Optional.of(owner))))
                .orElseGet(
                        () -> dataflow.withSource(owner, () -> new ReplaySource(schedule, number, Optional.empty())));
    }

    /** To be started once: a second time its sources fail. */
    public Dataflow dataflow() {
        return dataflow;
    }

    /** The nodes whose place the recording takes; {@code millrace/app/NAME} for that of the application. */
    public List<String> nodes() {
        return nodes;
    }

    /** Messages sent so far. */
    public long sent() {
        return schedule.sent();
    }

    /** Of what was sent so far, how many messages the recorder had missed in between. */
    public long missing() {
        return schedule.missing();
    }

    /** Whether the recording has come to where it was cut, as by the end of the process that made it. */
    public boolean isCut() {
        return schedule.isCut();
    }

    /** Gives the recording's files back: when the dataflow has ended. Idempotent. */
    @Override
    public void close() {
        schedule.close();
    }

    @Override
    public String toString() {
        return "replay in place of " + nodes + " of " + dataflow;
    }
}
