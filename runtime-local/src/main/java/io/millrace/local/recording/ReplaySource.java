package io.millrace.local.recording;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a recording's messages of one node, each when it is its turn and due. Waits by its context only, and by its clock, so that a runner that lets one node run at a
 * time, or simulates the clock, runs it like any other.
 */
final class ReplaySource implements Node {
    /** While another source has the turn, this one gives its core away so often before it sleeps: mostly the turn comes back at once. */
    private static final int YIELDS = 20;

    private static final long SHORTEST_SLEEP_NS = 20_000;
    private static final long LONGEST_SLEEP_NS = 1_000_000;

    private final ReplaySchedule schedule;
    private final int number;
    private final Map<String, Output> outputs = new HashMap<>(); // by the names in the recording
    private final Optional<String> fed;

    /** @param fed what of the recording its only output sends; empty where its outputs are those that were recorded */
    ReplaySource(ReplaySchedule schedule, int number, Optional<String> fed) {
        this.schedule = schedule;
        this.number = number;
        this.fed = fed;
    }

    @Override
    public void open(NodeContext context) {
        context.outputs().forEach(output -> outputs.put(fed.orElse(output.name()), output));
    }

    @Override
    public void run(NodeContext context) {
        schedule.enter(number, context.clock().nanoTime());
        try {
            int waited = 0;
            boolean goesOn = true;
            while (goesOn && schedule.turn() != ReplaySchedule.OVER) {
                boolean isMine = schedule.turn() == number;
                waited = isMine ? 0 : waited + 1;
                goesOn = isMine ? send(context) : await(context, waited);
            }
        } finally {
            schedule.leave(number);
        }
    }

    /** Sends the current message if it is due; else waits for that. False if the node is to stop, or nobody takes what it sends. */
    private boolean send(NodeContext context) {
        long leftNs = schedule.dueNs() - context.clock().nanoTime();
        if (isStop(leftNs > 0 ? context.next(Duration.ofNanos(leftNs)) : context.poll())) {
            return false;
        }
        if (leftNs <= 0) {
            RecordedMessage recorded = schedule.current();
            Output output = java.util.Objects.requireNonNull(outputs.get(recorded.output()));
            send(recorded.message(), output);
            schedule.advance();
            return !output.isClosed() || outputs.values().stream().anyMatch(each -> !each.isClosed());
        }
        return true;
    }

    private static void send(Message message, Output output) {
        Claim claim = output.claim(message.length(), message.parameters());
        ByteBuffer payload = message.buffer().duplicate();
        payload.limit(message.offset() + message.length()).position(message.offset());
        claim.putBytes(0, payload);
        claim.formatCode(message.formatCode()).commit();
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is asked for throughput, not for correctness
    private boolean await(NodeContext context, int waited) {
        if (waited <= YIELDS) {
            Thread.yield();
            return !isStop(context.poll());
        }
        long sleepNs = Math.min(LONGEST_SLEEP_NS, SHORTEST_SLEEP_NS * (waited - YIELDS));
        long leftNs = schedule.dueNs() - context.clock().nanoTime();
        // Nobody's turn ends before it is due.
        return !isStop(context.next(Duration.ofNanos(Math.max(sleepNs, leftNs))));
    }

    private static boolean isStop(@Nullable Event event) {
        return event != null && event.type() == Event.Type.STOP;
    }
}
