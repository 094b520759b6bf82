package io.millrace.remote.shared;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingEdge;
import io.millrace.remote.link.OutgoingListener;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.RecordCodec;
import java.util.ArrayDeque;
import java.util.Arrays;

/** Says control messages, by a session of its own on the link: so they keep their order, with notices too, and survive the loss of a connection. On the link's thread, but for what says otherwise. */
final class ControlSender {
    static final int QUEUE_SIZE = 16;

    private static final int MAX_WAITING = 1024;

    private final LinkHub hub;
    private final RecordCodec<ControlMessage> codec;
    private final Edge ring;
    private final OutgoingEdge edge;
    private final WakeSignal room;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private boolean isFinishing;

    ControlSender(
            LinkHub hub,
            RecordCodec<ControlMessage> codec,
            EdgeSession session,
            LinkPeer peer,
            OutgoingListener listener) {
        this.hub = hub;
        this.codec = codec;
        this.room = new WakeSignal(() -> hub.execute(this::flush));
        EdgeSignal signal = hub.newSignal();
        ring = Edge.create(QueuePolicy.BACKPRESSURE, QUEUE_SIZE, signal.wake(), room, RingChoice.OWN, () -> {});
        edge = hub.send(session, peer, ring, signal, listener);
    }

    /** Any thread. */
    OutgoingEdge edge() {
        return edge;
    }

    /** Any thread. */
    void say(ControlMessage message) {
        byte[] bytes = codec.encode(message);
        hub.execute(() -> add(bytes));
    }

    /** Has the other end's node woken. Any thread. One that waits to be said is enough. */
    void sayWake() {
        byte[] bytes = codec.encode(new ControlMessage.Wake());
        hub.execute(() -> {
            if (waiting.isEmpty()) {
                add(bytes); // else what waits will be followed by the wake that made it wait, or is one
            } else {
                waiting.removeIf(each -> Arrays.equals(each, bytes));
                add(bytes);
            }
        });
    }

    /** Nothing more follows. Any thread. */
    void finish() {
        hub.execute(() -> {
            isFinishing = true;
            flush();
        });
    }

    /** Lets the session go. Any thread. */
    void close() {
        edge.close();
    }

    private void add(byte[] bytes) {
        if (isFinishing || waiting.size() == MAX_WAITING) {
            return;
        }
        waiting.add(bytes);
        flush();
    }

    private void flush() {
        while (!waiting.isEmpty()) {
            if (!write(waiting.peek())) {
                room.arm();
                if (!ring.writer().hasRoom()) {
                    return;
                }
                room.disarm();
                continue;
            }
            waiting.remove();
        }
        if (isFinishing) {
            ring.writer().close();
        }
    }

    private boolean write(byte[] bytes) {
        if (ring.writer().isClosed()) {
            return true; // nobody hears it
        }
        int offset = ring.writer().tryClaim(RecordLayout.HEADER_LENGTH + bytes.length);
        if (offset < 0) {
            return false;
        }
        RecordLayout.putHeader(ring.writer().buffer(), offset, (byte) 0, 0, 0);
        RecordLayout.putLengths(ring.writer().buffer(), offset, 0, bytes.length);
        ring.writer().buffer().put(offset + RecordLayout.HEADER_LENGTH, bytes);
        ring.writer().commit(null);
        return true;
    }
}
