package io.millrace.remote.link;

import io.millrace.local.edge.Edge;
import io.millrace.remote.wire.EdgeSession;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of an executor or a client: edges between parts here and parts in other processes, all edges to one peer over one connection. The public methods are for any
 * thread; none but {@link #close} blocks.
 *
 * <p>One event loop owns everything: it is the reader of the outgoing edges' rings and the writer of the incoming ones'. Rings wake it through an {@link EdgeSignal}; what is
 * woken has its turn, and each turn is bounded, for each edge and for each link, so that all make progress.
 */
// A move of the event loop that fails shows as the end of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
public final class LinkHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkHub.class);

    private static final long LONGEST_TICK_MS = 200;
    private static final long CLOSE_TIMEOUT_MS = 5_000;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final int MAX_LINKS = 4096;
    private static final int WATCHED_IN_TURN = 64;

    private final EventLoop loop;
    private final Identity identity;
    private final LinkDialler dialler;
    private final LinkSettings settings;
    private volatile long idleNs;
    private volatile Duration linkTimeout;
    private final Signals signals;
    private final Runnable turn = this::turn;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Map<Who, Link> links = new ConcurrentHashMap<>(); // changed by the loop
    private final Set<EdgeSession> sending = ConcurrentHashMap.newKeySet();
    private final Set<EdgeSession> receiving = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final CountDownLatch hasEnded = new CountDownLatch(1);

    // The event loop's.
    private final ArrayDeque<Link> active = new ArrayDeque<>();
    private final ArrayDeque<IncomingEdge> watched = new ArrayDeque<>(); // that may have something to grant
    private final NewestSessions newest = new NewestSessions();
    private final Set<LinkConnection> connections = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledFuture<?> ticking;

    /** Who cannot show another's name has no part in its link, whatever instance it says. */
    private record Who(Role role, String name, String instance) {
        Who(LinkPeer peer) {
            this(peer.role(), peer.name(), peer.instance());
        }
    }

    private LinkHub(EventLoop loop, Identity identity, LinkDialler dialler, LinkSettings settings, Duration idle) {
        this.loop = loop;
        this.identity = identity;
        this.dialler = dialler;
        this.settings = settings;
        this.linkTimeout = settings.linkTimeout();
        this.idleNs = idle.toNanos();
        this.signals = new Signals(this::schedule);
    }

    /** The links of the network's member, on one of its event loops. Close it before the network. */
    public static LinkHub open(Network network, LinkSettings settings) {
        Duration timeout = settings.linkTimeout();
        return open(network, settings, timeout.compareTo(IDLE) > 0 ? timeout : IDLE);
    }

    /** @param idle how long a link is kept that no session uses */
    static LinkHub open(Network network, LinkSettings settings, Duration idle) {
        LinkDialler dialler = (peer, callback) -> {
            InetSocketAddress address = peer.address().orElseThrow();
            network.connectLink(address.getHostString(), address.getPort(), callback, callback::onFailed);
        };
        return new LinkHub(network.nextLoop(), network.identity(), dialler, settings, idle);
    }

    /**
     * Accepts links on this address.
     *
     * @throws NetworkException if it cannot be listened on
     */
    public Listener listen(Network network, InetSocketAddress address) {
        return network.listenForLinks(address, this::onAccepted);
    }

    public LinkSettings settings() {
        return settings;
    }

    /** A signal for a ring that will be given to {@link #send} or {@link #receive}. */
    public EdgeSignal newSignal() {
        return new EdgeSignal(signals);
    }

    /**
     * Sends what is in the ring to the peer, once that knows the session too. From now until the session is over the hub is the ring's only reader.
     *
     * @param signal the one whose {@link EdgeSignal#wake()} is the ring's reader signal
     * @throws IllegalStateException if this session is being sent already, or the hub is closed
     */
    public OutgoingEdge send(
            EdgeSession session, LinkPeer peer, Edge ring, EdgeSignal signal, OutgoingListener listener) {
        requireNew(session, sending);
        Link link = link(peer);
        OutgoingEdge edge = new OutgoingEdge.Padded(this, link, session, ring, signal, listener);
        register(() -> linkOf(link).add(edge));
        return edge;
    }

    /**
     * Puts what the peer sends into the ring, once that knows the session too. From now until the session is over the hub is the ring's only writer.
     *
     * @param signal the one whose {@link EdgeSignal#wake()} is the ring's writer signal
     * @param payloadBudgetBytes of the bodies that do not stand in the ring; empty for 64 MiB, or four of the largest
     * @throws IllegalStateException if this session is being received already, or the hub is closed
     */
    public IncomingEdge receive(
            EdgeSession session,
            LinkPeer peer,
            Edge ring,
            EdgeSignal signal,
            OptionalLong payloadBudgetBytes,
            IncomingListener listener) {
        requireNew(session, receiving);
        Link link = link(peer);
        IncomingEdge edge = new IncomingEdge.Padded(this, link, session, ring, signal, payloadBudgetBytes, listener);
        register(() -> {
            remember(session);
            linkOf(link).add(edge);
        });
        return edge;
    }

    private void requireNew(EdgeSession session, Set<EdgeSession> known) {
        requireOpen();
        if (!known.add(session)) {
            throw new IllegalStateException(session + " is in use already");
        }
    }

    private void requireOpen() {
        if (isClosed.get()) {
            throw new IllegalStateException("the links of " + identity.words() + " are closed");
        }
    }

    private void register(Runnable registration) {
        if (!execute(registration)) {
            throw new IllegalStateException("the links of " + identity.words() + " are closed");
        }
    }

    /**
     * Has the link with a peer dialled until it is up, and then the action run once, on the event loop; at once if it is up.
     *
     * @param action of its own for each call
     * @return takes that back; any thread
     */
    public Runnable whenUp(LinkPeer peer, Runnable action) {
        Link link = link(peer);
        execute(() -> linkOf(link).whenUp(action));
        return () -> execute(() -> link.forgetWhenUp(action));
    }

    /** From now on links may be down for so long before their sessions end. Any thread. */
    public void linkTimeout(Duration timeout) {
        linkTimeout = settings.withLinkTimeout(timeout).linkTimeout(); // which looks at it
        idleNs = Math.max(idleNs, timeout.toNanos());
    }

    Duration linkTimeout() {
        return linkTimeout;
    }

    /** All links, up or down. */
    public List<LinkStatus> links() {
        return links.values().stream().map(Link::status).toList();
    }

    /** Lets all sessions go, whose rings stay as they are, tells the peers, and closes all connections. Blocks for 5 s at the most, and not on the event loop. Idempotent. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true) && !executeAlways(this::onClose)) {
            hasEnded.countDown();
        }
        if (loop.inEventLoop()) {
            return;
        }
        try {
            if (!hasEnded.await(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the links of {} have not closed within {} ms", identity.words(), CLOSE_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onClose() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        links.values().forEach(Link::close);
        links.clear();
        active.clear();
        watched.clear();
        connections.forEach(connection -> connection.close("this end shuts down"));
        connections.clear();
        hasEnded.countDown();
    }

    // For the rest of the package; on the event loop where nothing else is said.

    EventLoop loop() {
        return loop;
    }

    Signals signals() {
        return signals;
    }

    ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    long idleNs() {
        return idleNs;
    }

    /** Random, never 0. */
    long newNumber() {
        long number = ThreadLocalRandom.current().nextLong();
        return number == 0 ? 1 : number;
    }

    boolean isSmallerThan(Peer peer) {
        int names = identity.name().compareTo(peer.name());
        return names == 0 ? identity.instance().compareTo(peer.instance()) < 0 : names < 0;
    }

    /** Runs it on the event loop, at once if this is that loop, as for a half of a ring that no session uses: false if the hub is closed. */
    public boolean execute(Runnable command) {
        return !isClosed.get() && executeAlways(command) || runClosing(command);
    }

    /** What is let go within the closing itself. */
    private boolean runClosing(Runnable command) {
        if (!isClosed.get() || !loop.inEventLoop()) {
            return false;
        }
        command.run();
        return true;
    }

    private boolean executeAlways(Runnable command) {
        if (loop.inEventLoop()) {
            command.run();
            return true;
        }
        try {
            loop.execute(command);
            return true;
        } catch (RejectedExecutionException e) { // the network was closed before: there is nothing left to act on
            return false;
        }
    }

    void later(long delayMs, Runnable command) {
        if (!isClosed.get()) {
            loop.schedule(command, delayMs, TimeUnit.MILLISECONDS);
        }
    }

    private Link link(LinkPeer peer) {
        Link link = links.computeIfAbsent(new Who(peer), who -> new Link.Padded(this, peer, settings));
        link.learn(peer);
        return link;
    }

    /** It may have been dropped as idle between the call and its command. */
    private Link linkOf(Link link) {
        if (links.putIfAbsent(new Who(link.peer()), link) == null) {
            link.beginAnew("nobody used it");
        }
        startTicking();
        return link;
    }

    private void startTicking() {
        if (ticking == null) {
            long tickMs = Math.max(
                    1, Math.min(LONGEST_TICK_MS, settings.heartbeatInterval().toMillis() / 2));
            ticking = loop.scheduleWithFixedDelay(this::onTick, tickMs, tickMs, TimeUnit.MILLISECONDS);
        }
    }

    private void onTick() {
        long nowNs = System.nanoTime();
        for (Link link : List.copyOf(links.values())) {
            link.onTick(nowNs);
            if (link.isIdle(nowNs)) {
                links.remove(new Who(link.peer()), link);
                link.close();
            }
        }
        for (LinkConnection connection : connections) {
            if (!connection.hasResumed()
                    && nowNs - connection.heardNs()
                            > settings.heartbeatTimeout().toNanos()) {
                connection.close(
                        "no RESUME within " + settings.heartbeatTimeout().toMillis() + " ms");
            }
        }
        if (links.isEmpty() && connections.isEmpty() && ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    /** Any thread. */
    private void schedule() {
        if (isScheduled.compareAndSet(false, true) && !executeLater(turn)) {
            isScheduled.set(false);
        }
    }

    private boolean executeLater(Runnable command) {
        try {
            loop.execute(command);
            return true;
        } catch (RejectedExecutionException e) { // as in executeAlways
            return false;
        }
    }

    private void turn() {
        isScheduled.set(false); // before looking: what comes now is seen, or schedules
        lookForGrants();
        signals.handle();
        for (int left = active.size(); left > 0; left--) {
            Link link = active.remove();
            link.onInactive();
            if (link.turn()) {
                link.activate();
            }
        }
    }

    /** From the next turn on, until it needs it no more. */
    void watch(IncomingEdge edge) {
        watched.add(edge);
    }

    private void lookForGrants() {
        for (int left = Math.min(WATCHED_IN_TURN, watched.size()); left > 0; left--) {
            IncomingEdge edge = watched.remove();
            if (edge.onTurn()) {
                watched.add(edge);
            }
        }
    }

    void onActive(Link link) {
        active.add(link);
        schedule();
    }

    private void onAccepted(Channel channel, Peer peer) {
        take(channel, peer, false);
    }

    private void take(Channel channel, Peer peer, boolean isDialled) {
        LinkConnection connection = new LinkConnection(this, channel, peer, isDialled);
        channel.pipeline().addLast(connection);
        connection.start();
    }

    void dial(Link link) {
        dialler.dial(link.peer(), new LinkDialler.Callback() {
            @Override
            public void onLink(Channel channel, Peer peer) {
                if (link.peer().is(peer)) {
                    take(channel, peer, true);
                } else {
                    channel.close();
                    String reason = "at its address is " + peer + ", and not the process that is meant";
                    execute(() -> link.onDialFailed(reason, true));
                }
            }

            @Override
            public void onFailed(String reason) {
                execute(() -> link.onDialFailed(reason, false));
            }
        });
    }

    /** Null if the hub is closed, or has too many links. */
    @Nullable Link onConnection(LinkConnection connection) {
        if (isClosed.get() || links.size() >= MAX_LINKS) {
            return null;
        }
        connections.add(connection);
        Peer peer = connection.peer();
        return linkOf(link(new LinkPeer(peer.role(), peer.name(), peer.instance(), Optional.empty())));
    }

    void onGone(LinkConnection connection) {
        connections.remove(connection);
    }

    void forget(OutgoingEdge edge) {
        sending.remove(edge.session());
        edge.link().edges().forget(edge);
    }

    void forget(IncomingEdge edge) {
        receiving.remove(edge.session());
        edge.link().edges().forget(edge);
    }

    /** The link was at fault: the same session may begin anew. */
    void mayBeginAnew(EdgeSession session) {
        newest.forget(session);
    }

    /** Calls a listener. */
    void tell(EdgeSession session, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("a listener of {} failed", session, e);
        }
    }

    private void remember(EdgeSession session) {
        if (newest.remember(session)) {
            links.values().forEach(link -> link.edges().refuseWaiting(session));
        }
    }

    NewestSessions newest() {
        return newest;
    }
}
