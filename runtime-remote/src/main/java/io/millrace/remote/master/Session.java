package io.millrace.remote.master;

import io.millrace.remote.link.ControlConnection;
import io.millrace.remote.link.ControlHandler;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.WireFormatException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a master, by what comes in over it and what goes out. On the master's thread. */
abstract class Session<I, O> implements ControlHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    protected final MasterAgent master;
    private final RecordCodec<I> incoming;
    private final RecordCodec<O> outgoing;
    private @Nullable ControlConnection connection;

    Session(MasterAgent master, RecordCodec<I> incoming, RecordCodec<O> outgoing) {
        this.master = master;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** What was said before may not hold any more: another master leads, or this one in another term. */
    abstract void onLeadershipChanged();

    /** A message that is one. */
    abstract void onMessage(I message);

    @Override
    public final void onOpen(ControlConnection opened) {
        connection = opened;
        master.onSessionOpened(this);
    }

    @Override
    public final void onMessage(ControlConnection from, byte[] message) {
        I decoded;
        try {
            decoded = incoming.decode(message);
        } catch (WireFormatException e) {
            LOG.warn(
                    "master '{}' closes the connection of {}: it sent a message that is none: {}",
                    master.settings().name(),
                    from.peer(),
                    e.getMessage());
            end("a message that is none: " + e.getMessage());
            return;
        }
        onMessage(decoded);
    }

    @Override
    public final void onClosed(String reason) {
        connection = null;
        master.onSessionEnded(this);
    }

    /** What is said in place of a message that cannot be sent, for this reason; empty for nothing. */
    abstract Optional<O> inPlaceOf(O message, String reason);

    /** Sends, or not where nobody is there any more; in place of what is too large, that it is. */
    final void send(O message) {
        ControlConnection open = connection;
        if (open == null) {
            return;
        }
        byte[] bytes;
        try {
            bytes = outgoing.encode(message);
        } catch (WireFormatException e) {
            onUnsendable(message, "the answer cannot be sent: " + e.getMessage());
            return;
        }
        if (bytes.length <= open.maxBytes()) {
            open.send(bytes);
        } else {
            onUnsendable(
                    message,
                    "the answer has " + bytes.length + " bytes, and " + open.maxBytes() + " can be sent at the most");
        }
    }

    private void onUnsendable(O message, String reason) {
        LOG.warn(
                "master '{}' does not send a {}: {}",
                master.settings().name(),
                message.getClass().getSimpleName(),
                reason);
        inPlaceOf(message, reason).ifPresent(this::send);
    }

    final boolean isOpen() {
        ControlConnection open = connection;
        return open != null && open.isOpen();
    }

    final void end(String reason) {
        ControlConnection open = connection;
        if (open != null) {
            open.close(reason);
        }
    }
}
