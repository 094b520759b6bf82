package io.millrace.remote.shared;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.IncomingEdge;
import io.millrace.remote.link.IncomingListener;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.WireFormatException;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears control messages. On the link's thread, but for what says otherwise. */
final class ControlReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(ControlReceiver.class);

    private final RecordCodec<ControlMessage> codec;
    private final Consumer<ControlMessage> handler;
    private final EdgeSession session;
    private final WakeSignal messages;
    private final EdgeReader reader;
    private final IncomingEdge edge;
    private boolean isReading;

    /** @param handler on the link's thread */
    ControlReceiver(
            LinkHub hub,
            RecordCodec<ControlMessage> codec,
            EdgeSession session,
            LinkPeer peer,
            Consumer<ControlMessage> handler,
            IncomingListener listener) {
        this.codec = codec;
        this.handler = handler;
        this.session = session;
        this.messages = new WakeSignal(() -> hub.execute(this::read));
        EdgeSignal signal = hub.newSignal();
        Edge ring = Edge.create(
                QueuePolicy.BACKPRESSURE, ControlSender.QUEUE_SIZE, messages, signal.wake(), RingChoice.OWN, () -> {});
        this.reader = ring.reader();
        this.edge = hub.receive(session, peer, ring, signal, OptionalLong.empty(), listener);
        hub.execute(this::read);
    }

    /** Lets the session go. Any thread. */
    void close() {
        edge.close();
    }

    private void read() {
        if (isReading) {
            return; // it goes on until nothing is left
        }
        isReading = true;
        try {
            while (true) {
                while (reader.next()) {
                    handle();
                }
                messages.arm();
                if (!reader.hasNext()) {
                    return;
                }
                messages.disarm();
            }
        } finally {
            isReading = false;
        }
    }

    private void handle() {
        int offset = reader.recordOffset();
        if (RecordLayout.isReference(reader.buffer(), offset)) {
            LOG.warn("{}: a control message that is too large is passed over", session);
            return;
        }
        byte[] bytes = new byte[RecordLayout.recordLength(reader.buffer(), offset) - RecordLayout.HEADER_LENGTH];
        reader.buffer().get(offset + RecordLayout.HEADER_LENGTH, bytes);
        try {
            handler.accept(codec.decode(bytes));
        } catch (WireFormatException e) {
            LOG.warn("{}: a control message makes no sense: {}", session, e.getMessage());
        }
    }
}
