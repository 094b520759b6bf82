package io.millrace.local.program;

import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.OwnLoop;
import io.millrace.local.dora.ArrowBytes;
import io.millrace.local.dora.ArrowText;
import io.millrace.local.dora.ClockId;
import io.millrace.local.dora.EventBatch;
import io.millrace.local.dora.FrameTooLargeException;
import io.millrace.local.dora.FrameWriter;
import io.millrace.local.dora.Metadata;
import io.millrace.local.dora.NodeEvent;
import io.millrace.local.dora.Payload;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.TimedEvent;
import io.millrace.local.dora.Timestamp;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeFailure;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a node on their way to its program: taken from the edges only when the program asks for them, so that the edges, each with its policy, are where they
 * wait. Used by the node's thread.
 */
final class EventFeed {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

    /**
     * From the last message of an input until its program is told that the input is closed. dora's library hands such news out before messages that it has not handed out
     * yet, and its runtime for operators then throws those away: so they get a head start.
     */
    private static final long HEAD_START_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NodeAgent agent;
    private final OwnLoop loop;
    private final WireNames names;
    private final ClockId clock;
    private final Queue<NodeEvent> missed = new ArrayDeque<>();
    private final Queue<NodeEvent> closings = new ArrayDeque<>();
    private long closingsDueNs; // if there are any
    private long lastInputNs; // if isAnyInputOut
    private boolean isAnyInputOut;
    private final Set<String> closedInputs = new LinkedHashSet<>();
    private @Nullable NodeEvent last;
    private @Nullable TimedEvent left; // what did not fit into the reply before
    private @Nullable InputPort polled; // whose message was the last event; null if that was no message
    private boolean isStreamEnded;
    private boolean isStreamDropped;
    private long unattended;

    EventFeed(NodeAgent agent, OwnLoop loop, WireNames names, ClockId clock) {
        this.agent = agent;
        this.loop = loop;
        this.names = names;
        this.clock = clock;
    }

    /** A program has subscribed: what happened before it came it is told first. */
    void onSubscribed() {
        loseLeft();
        missed.clear();
        closings.clear();
        closedInputs.forEach(input -> missed.add(new NodeEvent.InputClosed(input)));
        if (last != null) {
            missed.add(last);
        }
        isStreamEnded = false;
        isStreamDropped = false;
    }

    /** The program wants no more. */
    void drop() {
        isStreamDropped = true;
    }

    boolean isDropped() {
        return isStreamDropped;
    }

    /** Whether the program was told that there will be no more. */
    boolean isEnded() {
        return isStreamEnded || isStreamDropped;
    }

    /** Whether what is said of now on has to do with the end of inputs, for which there are times to keep. */
    boolean isClosing() {
        return last != null || left != null || !closings.isEmpty() || isEnded();
    }

    /** Whether a program that asks would be answered now. */
    boolean hasAnswer() {
        return isEnded()
                || left != null
                || !missed.isEmpty()
                || areClosingsDue()
                || (last == null ? loop.hasWork() : closings.isEmpty());
    }

    private boolean areClosingsDue() {
        return !closings.isEmpty() && agent.nowNs() - closingsDueNs >= 0;
    }

    /** Nanoseconds until there is something for a program that asks without anything's happening; {@link Long#MAX_VALUE} for never. */
    long untilDueNs() {
        long until = last == null ? loop.untilDueNs() : Long.MAX_VALUE;
        return closings.isEmpty() ? until : Math.min(until, Math.max(1, closingsDueNs - agent.nowNs()));
    }

    /** Answers a program that asks, if there is anything to say; returns how many events that was. */
    int answer(NodeConnection asking) {
        if (isEnded()) {
            ReplyCodec.encode(Reply.NextEvents.END, asking.writer());
            return 1;
        }
        agent.update();
        EventBatch batch = new EventBatch(asking.writer());
        batch.begin();
        gather(batch);
        if (batch.count() > 0) {
            batch.end();
        } else if (last != null && missed.isEmpty() && closings.isEmpty()) {
            isStreamEnded = true;
            batch.end();
            return 1;
        }
        return batch.count();
    }

    private void gather(EventBatch batch) {
        while (!batch.isFull()) {
            TimedEvent next;
            try {
                next = left != null ? left : next();
                left = null;
                if (next == null) {
                    return;
                }
                if (!batch.offer(next)) {
                    left = next;
                    return;
                }
            } catch (FrameTooLargeException | IllegalArgumentException e) {
                LOG.error(
                        "node '{}': an event cannot be sent to its program, and is lost: {}",
                        agent.nodeId(),
                        e.getMessage());
                countMissed();
                continue;
            }
            if (isReferring(next)) {
                return; // its bytes stay where they are until they are written
            }
        }
    }

    private static boolean isReferring(TimedEvent timed) {
        return timed.event() instanceof NodeEvent.Input input
                && input.payload() != null
                && input.payload().length() > FrameWriter.COPIED_BYTES;
    }

    private @Nullable TimedEvent next() {
        NodeEvent before = missed.poll();
        if (before != null) {
            return new TimedEvent(before, now());
        }
        if (areClosingsDue()) {
            return new TimedEvent(closings.remove(), now());
        }
        Event event = last == null ? poll() : null;
        if (event == null) {
            return null;
        }
        TimedEvent next = encoded(event);
        if (event.type() == Event.Type.INPUT) {
            isAnyInputOut = true;
            lastInputNs = agent.nowNs(); // read when the answer was begun
        } else if (event.type() == Event.Type.INPUT_RECOVERED && withdraw(event.input())) {
            return next();
        } else if (mustWait(event.type())) {
            closings.add(next.event());
            closingsDueNs = lastInputNs + HEAD_START_NS;
            return next();
        } else if (event.type() == Event.Type.STOP) {
            closings.clear();
        }
        return next;
    }

    private @Nullable Event poll() {
        Event event = loop.poll();
        polled = event != null && event.type() == Event.Type.INPUT ? (InputPort) event.input() : null;
        return event;
    }

    /** An input is back before its program was told that it had closed: then neither is news. */
    private boolean withdraw(Input input) {
        return closings.remove(new NodeEvent.InputClosed(names.of(input)));
    }

    private boolean mustWait(Event.Type type) {
        boolean isClosing = type == Event.Type.INPUT_CLOSED || type == Event.Type.ALL_INPUTS_CLOSED;
        return isClosing && (!closings.isEmpty() || isAnyInputOut && agent.nowNs() - lastInputNs < HEAD_START_NS);
    }

    private TimedEvent encoded(Event event) {
        return switch (event.type()) {
            case INPUT -> TimedEvent.of(input(event.input(), event.message()));
            case INPUT_CLOSED -> {
                String input = names.of(event.input());
                closedInputs.add(input);
                yield new TimedEvent(new NodeEvent.InputClosed(input), now());
            }
            case INPUT_RECOVERED -> {
                String input = names.of(event.input());
                closedInputs.remove(input);
                yield new TimedEvent(new NodeEvent.InputRecovered(input), now());
            }
            case ALL_INPUTS_CLOSED -> last(new NodeEvent.AllInputsClosed());
            case STOP -> last(new NodeEvent.Stop());
            case NODE_RESTARTED -> new TimedEvent(new NodeEvent.NodeRestarted(event.node()), now());
            case NODE_FAILED -> new TimedEvent(failed(event.failure()), now());
        };
    }

    private TimedEvent last(NodeEvent event) {
        last = event;
        return new TimedEvent(event, now());
    }

    private NodeEvent failed(NodeFailure failure) {
        return new NodeEvent.NodeFailed(
                failure.inputs().stream().map(names::of).toList(), failure.error(), failure.node());
    }

    private NodeEvent.Input input(Input input, Message message) {
        Timestamp time = new Timestamp(message.timestamp(), clock);
        Parameters parameters = message.hasParameters() ? message.parameters() : Parameters.EMPTY;
        if (isWithoutData(input, message)) {
            return new NodeEvent.Input(names.of(input), Metadata.ofNothing(time, parameters), null);
        }
        ByteBuffer bytes = message.buffer().slice(message.offset(), message.length());
        return new NodeEvent.Input(names.of(input), Metadata.ofData(time, parameters), payload(message, bytes));
    }

    /** A tick has none, nor has what a program has sent without any; no bytes are data. */
    private static boolean isWithoutData(Input input, Message message) {
        boolean isTick = input instanceof InputPort port && !port.isDataInput();
        return message.length() == 0 && (isTick || message.format() == PayloadFormat.ARROW_IPC);
    }

    private static Payload payload(Message message, ByteBuffer bytes) {
        return switch (message.format()) {
            case ARROW_IPC -> Payload.of(bytes);
            case UTF8, JSON -> ArrowText.wrap(bytes);
            case BYTES -> ArrowBytes.wrap(bytes);
        };
    }

    private Timestamp now() {
        return new Timestamp(agent.sending().timestamp(), clock);
    }

    /** Nobody is there: what comes is lost, but for what whoever comes later is to be told. Returns how much came. */
    int discard() {
        loseLeft();
        int count = 0;
        while (last == null) {
            Event event = poll();
            if (event == null) {
                return count;
            }
            if (event.type() == Event.Type.INPUT) {
                countUnattended();
            } else {
                encoded(event);
            }
            count++;
        }
        return count;
    }

    /** It was for the program before, and its bytes are gone when the next event is taken. */
    private void loseLeft() {
        if (left != null && left.event() instanceof NodeEvent.Input) {
            countUnattended();
        }
        left = null;
    }

    private void countMissed() {
        if (polled != null) {
            polled.countMissed();
        }
    }

    private void countUnattended() {
        countMissed();
        if (unattended++ == 0) {
            LOG.warn(
                    "node '{}' is to be started by hand and is not there: messages for it are dropped", agent.nodeId());
        }
    }

    /** Messages that came while nobody was there. */
    long unattended() {
        return unattended;
    }

    /** Whether nothing will ever be taken from the edges any more. */
    boolean isExhausted() {
        return last != null;
    }
}
