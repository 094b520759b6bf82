package io.millrace.remote.line;

import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.ControlConnection;
import io.millrace.remote.link.ControlHandler;
import io.millrace.remote.link.Network;
import io.millrace.remote.wire.MasterAddress;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.WireFormatException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the leading master: found by trying the masters in turn, and by what those say that do not lead; when it ends, found anew. State belongs to the
 * agenda's thread.
 *
 * @param <O> what is sent
 * @param <I> what is received
 */
public final class MasterLine<O, I> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterLine.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** So often in a row it goes at once where it is sent: masters that each take the other for the leader do not keep it busy. */
    private static final int HINTS_AT_ONCE = 3;
    /** As many masters as a cluster is ever said to have. */
    private static final int MAX_ADDRESSES = 64;

    private final Network network;
    private final Agenda agenda;
    private final RecordCodec<O> outgoing;
    private final RecordCodec<I> incoming;
    private final Listener<I> listener;

    // The agenda's thread.
    private final List<InetSocketAddress> addresses;
    private int next;
    private @Nullable InetSocketAddress hinted;
    private int hints; // since a leader has answered
    private Duration pause = FIRST_PAUSE;
    private @Nullable Attempt current;
    private final Map<InetSocketAddress, String> problems = new HashMap<>(); // at whom, since a leader has answered
    private boolean isClosed;

    // Read by any thread.
    private volatile @Nullable ControlConnection open;

    /** Who talks over the line. On the agenda's thread. */
    public interface Listener<I> {
        /** A master is connected, which may turn out not to lead. */
        void onConnected();

        void onMessage(I message);

        /** Follows {@link #onConnected}. */
        void onDisconnected(String reason);

        /**
         * There was no connection to a master; it is tried again.
         *
         * @param reason with the master's address
         * @param isNews whether it is another reason than the last one of this master, or the first since a leader has answered
         */
        void onUnreached(String reason, boolean isNews);

        /** What the message says of who leads, if that is what it is about: then it is not passed on. */
        Optional<Leader> leader(I message);

        /** Whether the leader ends the connection with it, so that the next one is to wait for longer and longer. */
        default boolean isRefusal(I message) {
            return false;
        }
    }

    /**
     * Who leads, as another master says.
     *
     * @param leader an index into the masters, negative for nobody that is known
     */
    public record Leader(List<MasterAddress> masters, int leader) {
        public Leader {
            masters = List.copyOf(masters);
        }
    }

    /** @param masters where they may be, unresolved; at least one */
    public MasterLine(
            Network network,
            Agenda agenda,
            List<InetSocketAddress> masters,
            RecordCodec<O> outgoing,
            RecordCodec<I> incoming,
            Listener<I> listener) {
        this.network = network;
        this.agenda = agenda;
        this.addresses = new ArrayList<>(masters);
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.listener = listener;
    }

    /** Begins to look for the leader. Does not block. */
    public void start() {
        agenda.execute(this::dial);
    }

    /** False if no master is connected at the moment, or the message is too large; true promises nothing about arrival. Any thread; does not block. */
    public boolean send(O message) {
        ControlConnection now = open;
        if (now == null) {
            return false;
        }
        byte[] bytes = outgoing.encode(message);
        if (bytes.length > now.maxBytes()) {
            LOG.warn("a message of {} bytes is not sent: {} are taken at the most", bytes.length, now.maxBytes());
            return false;
        }
        return now.send(bytes);
    }

    private void dial() {
        if (isClosed || current != null) {
            return;
        }
        InetSocketAddress to = hinted != null ? hinted : addresses.get(next++ % addresses.size());
        hinted = null;
        Attempt attempt = new Attempt(to);
        current = attempt;
        attempt.connection = network.connect(to.getHostString(), to.getPort(), attempt, agenda);
    }

    private void again(Duration delay) {
        if (!isClosed) {
            agenda.after(delay, this::dial);
        }
    }

    private Duration nextPause() {
        long pauseMs = pause.toMillis();
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        return Duration.ofMillis(pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1));
    }

    private void learn(List<MasterAddress> masters) {
        Set<InetSocketAddress> all = new LinkedHashSet<>(addresses);
        for (MasterAddress master : masters) {
            if (all.size() < MAX_ADDRESSES) {
                all.add(unresolved(master));
            }
        }
        addresses.clear();
        addresses.addAll(all);
    }

    private static InetSocketAddress unresolved(MasterAddress master) {
        return InetSocketAddress.createUnresolved(master.host(), master.port());
    }

    private final class Attempt implements ControlHandler {
        private final InetSocketAddress to;
        private @Nullable ControlConnection connection;
        private boolean isOpen;
        private boolean isRedirected;

        Attempt(InetSocketAddress to) {
            this.to = to;
        }

        @Override
        public void onOpen(ControlConnection connected) {
            if (isClosed) {
                connected.close("this end shuts down");
                return;
            }
            isOpen = true;
            open = connected;
            listener.onConnected();
        }

        @Override
        public void onMessage(ControlConnection connected, byte[] message) {
            I received;
            try {
                received = incoming.decode(message);
            } catch (WireFormatException e) {
                connected.close("a message cannot be read: " + e.getMessage());
                return;
            }
            Optional<Leader> leader = listener.leader(received);
            if (leader.isPresent()) {
                onNotLeading(connected, leader.get());
            } else {
                if (!listener.isRefusal(received)) {
                    pause = FIRST_PAUSE; // who answers leads
                    hints = 0;
                }
                problems.clear();
                listener.onMessage(received);
            }
        }

        private void onNotLeading(ControlConnection connected, Leader known) {
            if (isRedirected) {
                return;
            }
            isRedirected = true;
            learn(known.masters());
            if (known.leader() >= 0 && known.leader() < known.masters().size()) {
                hinted = unresolved(known.masters().get(known.leader()));
            }
            connected.close("another master leads");
        }

        @Override
        public void onClosed(String reason) {
            if (current != this) {
                return;
            }
            current = null;
            open = null;
            if (isOpen) {
                listener.onDisconnected(reason);
            } else if (!isClosed) {
                listener.onUnreached(reason, !reason.equals(problems.put(to, reason)));
            }
            again(hinted != null && hints++ < HINTS_AT_ONCE ? Duration.ZERO : nextPause());
        }
    }

    /** Ends the connection, and looks for no other. Any thread; does not block. */
    @Override
    public void close() {
        agenda.execute(() -> {
            isClosed = true;
            Attempt now = current;
            if (now != null && now.connection != null) {
                now.connection.close("this end shuts down");
            }
        });
    }
}
