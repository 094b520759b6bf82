package io.millrace.remote.link;

import io.millrace.remote.tls.CredentialFiles;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's place in the network: its event loops, who it is, how it is protected, what it listens on and whom it has dialled. All methods may be called from any
 * thread.
 */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Network implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    /** They only wait, for name servers. */
    private static final int NAME_THREADS = 4;
    /** For certificates and pages, so that the event loops need not wait for them. */
    private static final int WORK_THREADS = 2;

    private final Identity identity;
    private final Security security;
    private final NetworkSettings settings;
    private final Protection protection;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup loops;
    private final ExecutorService names = Threads.pool("millrace-net-names-", NAME_THREADS);
    private final ExecutorService work;
    private final Channels channels = new Channels();
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Network(
            Identity identity,
            Security security,
            NetworkSettings settings,
            Protection protection,
            ExecutorService work) {
        this.identity = identity;
        this.security = security;
        this.settings = settings;
        this.protection = protection;
        this.work = work;
        transport = Transport.best();
        loops = new MultiThreadIoEventLoopGroup(
                settings.threads(), new Threads("millrace-net-"), transport.ioHandlers());
    }

    /**
     * Starts no thread yet and reads no file but certificates. Close it.
     *
     * @throws NetworkException if the certificates cannot be used, or are for somebody else
     */
    public static Network open(Identity identity, Security security, NetworkSettings settings) {
        ExecutorService work = Threads.pool("millrace-net-work-", WORK_THREADS);
        return new Network(identity, security, settings, Protection.of(security, identity, settings, work), work);
    }

    public Identity identity() {
        return identity;
    }

    public Security security() {
        return security;
    }

    /** What this member proves with who it is, for others that connect in its name; empty in the clear. */
    public Optional<CredentialFiles> credentials() {
        return protection.credentials();
    }

    public NetworkSettings settings() {
        return settings;
    }

    /**
     * Accepts control connections; the handlers are called on event loops. Blocks until the address is bound, which takes no time, or its name is looked up, which may
     * take some.
     *
     * @param address port 0: the system chooses one
     * @throws NetworkException if it is in use, not of this machine, not permitted to this user, or not protected
     */
    public Listener listen(InetSocketAddress address, ControlAcceptor acceptor) {
        return listen(address, new Door(this, acceptor, null, null));
    }

    /** As {@link #listen(InetSocketAddress, ControlAcceptor)}; handlers are called on the executor, each one's calls one after the other however many threads it has. */
    public Listener listen(InetSocketAddress address, ControlAcceptor acceptor, Executor executor) {
        return listen(address, new Door(this, acceptor, executor, null));
    }

    /**
     * Binds an address for control connections and accepts none before it is opened: whoever dials waits, as long as it waits for a hello. Blocks and fails as {@link
     * #listen(InetSocketAddress, ControlAcceptor)} does.
     */
    public Entrance entrance(InetSocketAddress address) {
        InetSocketAddress resolved = allowed(address);
        Entrance.Guard guard = new Entrance.Guard();
        return new Entrance(this, bind(resolved, guard, false), guard);
    }

    /** Accepts links. */
    Listener listenForLinks(InetSocketAddress address, LinkAcceptor acceptor) {
        return listen(address, new Door(this, null, null, acceptor));
    }

    private Listener listen(InetSocketAddress address, Door door) {
        return bind(allowed(address), door.forEach());
    }

    private InetSocketAddress allowed(InetSocketAddress address) {
        InetSocketAddress resolved = resolved(address);
        protection.requireAllowed(resolved.getAddress(), Bindings.doing(address));
        return resolved;
    }

    /** For what speaks another protocol and protects itself, or need not. */
    Listener bind(InetSocketAddress address, ChannelHandler eachAccepted) {
        Channel bound = bind(address, eachAccepted, true);
        return new BoundListener(bound, (InetSocketAddress) bound.localAddress());
    }

    private Channel bind(InetSocketAddress address, ChannelHandler eachAccepted, boolean accepts) {
        Channel bound = Bindings.bind(loops, transport, resolved(address), eachAccepted, accepts);
        channels.add(bound);
        return bound;
    }

    private static InetSocketAddress resolved(InetSocketAddress address) {
        InetSocketAddress resolved =
                address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
        if (resolved.isUnresolved()) {
            throw new NetworkException(Bindings.doing(address) + ": the name cannot be resolved");
        }
        return resolved;
    }

    /**
     * Dials, and says hello. Does not block, not for the name either; how it goes is the handler's to hear, on an event loop. The name is looked up anew by each call, and
     * each of its addresses is tried.
     *
     * @param host a name or an address
     */
    public ControlConnection connect(String host, int port, ControlHandler handler) {
        EventLoop loop = loops.next();
        return connect(loop, host, port, new ControlChannel(handler, onLoop(loop), settings, channels));
    }

    /** As {@link #connect(String, int, ControlHandler)}; the handler is called on the executor, one call after the other however many threads it has. */
    public ControlConnection connect(String host, int port, ControlHandler handler, Executor executor) {
        return connect(loops.next(), host, port, new ControlChannel(handler, executor, settings, channels));
    }

    private ControlConnection connect(EventLoop loop, String host, int port, ControlChannel connection) {
        if (connection.begin()) {
            new Dial(this, loop, host, port, Purpose.CONTROL, connection).start(names);
        }
        return connection;
    }

    /**
     * Dials a link. Does not block.
     *
     * @param onFailed told why instead, in words; once, on any thread
     */
    void connectLink(String host, int port, LinkAcceptor acceptor, Consumer<String> onFailed) {
        new Dial(this, loops.next(), host, port, Purpose.LINK, new LinkOutcome(acceptor, onFailed)).start(names);
    }

    /** Runs at once on the loop's thread, else later there. */
    static Executor onLoop(EventExecutor loop) {
        return call -> {
            if (loop.inEventLoop()) {
                call.run();
            } else {
                loop.execute(call);
            }
        };
    }

    /** One of its event loops. */
    EventLoop nextLoop() {
        return loops.next();
    }

    /** For each channel, accepted or dialled, before anything else. */
    void prepare(Channel channel) {
        int highWater = settings.writeHighWaterBytes();
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config()
                .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(highWater / 2, highWater));
        channels.add(channel);
    }

    /** Counts an accepted channel while it is open. */
    boolean enters(Channel channel) {
        boolean hasRoom = accepted.incrementAndGet() <= settings.connectionsAtMost();
        channel.closeFuture().addListener(closed -> accepted.decrementAndGet());
        return hasRoom;
    }

    Protection protection() {
        return protection;
    }

    Transport transport() {
        return transport;
    }

    Channels channels() {
        return channels;
    }

    Refusals refusals() {
        return refusals;
    }

    /** For what would hold up an event loop. */
    Executor work() {
        return work;
    }

    /**
     * Stops listening, says goodbye on each control connection, closes everything, and ends all threads. Blocks for about twice {@link NetworkSettings#closeTimeout()} at
     * most; not at all when called on one of its own event loops, which then end by themselves. Idempotent.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        channels.shut().forEach(connection -> connection.close(identity.words() + " shuts down"));
        channels.open().stream()
                .filter(channel -> channel.pipeline().get(ControlFrames.class) == null)
                .forEach(Channel::close);
        long closeMs = settings.closeTimeout().toMillis();
        boolean mayWait = !isOwnThread();
        if (mayWait) {
            channels.awaitNone(closeMs);
            channels.open().forEach(Channel::close);
        }
        names.shutdownNow();
        work.shutdownNow();
        loops.shutdownGracefully(0, closeMs, TimeUnit.MILLISECONDS);
        if (mayWait) {
            awaitEnd(closeMs);
        }
    }

    private boolean isOwnThread() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    private void awaitEnd(long timeoutMs) {
        try {
            if (!loops.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "the event loops of {} still run after {} ms: a handler holds them up",
                        identity.words(),
                        timeoutMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "Network[" + identity.words() + " of '" + identity.cluster() + "', " + transport.name() + "]";
    }

    private record BoundListener(Channel channel, InetSocketAddress address) implements Listener {
        @Override
        public void close() {
            channel.close();
        }
    }

    private record LinkOutcome(LinkAcceptor acceptor, Consumer<String> failed) implements DialOutcome {
        @Override
        public boolean isWanted() {
            return true;
        }

        @Override
        public void onChannel(Channel channel) {
            // Nothing to close before it is a link.
        }

        @Override
        public void onPeer(Channel channel, Peer peer) {
            acceptor.onLink(channel, peer);
        }

        @Override
        public void onFailed(String reason) {
            failed.accept(reason);
        }
    }
}
