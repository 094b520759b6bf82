package io.millrace.remote.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control connection on a channel, from before there is a channel until its end. The end has two steps: it is decided, by the first who says why, on any thread; and
 * it is told to the handler, once, when the channel is gone.
 */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class ControlChannel implements ControlConnection, DialOutcome {
    private static final Logger LOG = LoggerFactory.getLogger(ControlChannel.class);
    /** Received and waiting for the handler's executor: more is not read meanwhile. */
    private static final long UNHEARD_BYTES = 1 << 20;

    private final ControlHandler handler;
    private final Delivery delivery;
    private final NetworkSettings settings;
    private final Channels channels;
    private final AtomicReference<@Nullable String> ending = new AtomicReference<>();
    private final AtomicBoolean isEndTold = new AtomicBoolean();
    private final AtomicLong unwrittenBytes = new AtomicLong();
    private final AtomicLong unheardBytes = new AtomicLong();
    private volatile @Nullable Channel channel;
    private volatile @Nullable Peer peer;

    // Of the event loop.
    private @Nullable ScheduledFuture<?> heartbeat;
    private long heardNs;

    ControlChannel(ControlHandler handler, Executor executor, NetworkSettings settings, Channels channels) {
        this.handler = handler;
        this.delivery = new Delivery(executor);
        this.settings = settings;
        this.channels = channels;
    }

    /** Before anything else. False: the network is closed, and so is this. */
    boolean begin() {
        boolean isWelcome = channels.add(this);
        if (!isWelcome) {
            end("the network is closed");
        }
        return isWelcome;
    }

    // ---- from any thread

    @Override
    public Peer peer() {
        Peer known = peer;
        if (known == null) {
            throw new IllegalStateException("the connection is not open yet: the peer is known from onOpen on");
        }
        return known;
    }

    @Override
    public boolean isOpen() {
        return peer != null && ending.get() == null;
    }

    @Override
    public boolean send(byte[] message) {
        if (message.length > settings.controlFrameBytes()) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes: expected at most "
                    + settings.controlFrameBytes() + ", see NetworkSettings.controlFrameBytes");
        }
        Channel open = channel;
        if (open == null || !isOpen()) {
            return false;
        }
        long bytes = message.length + (long) ControlFrames.HEAD_BYTES;
        long waiting = unwrittenBytes.getAndAdd(bytes);
        if (waiting > 0 && waiting + bytes > settings.sendBytes()) {
            unwrittenBytes.addAndGet(-bytes);
            end(peer() + " does not read: " + waiting + " bytes wait to be sent to it");
            return false;
        }
        open.writeAndFlush(ControlFrames.message(open.alloc(), message))
                .addListener(written -> unwrittenBytes.addAndGet(-bytes));
        return true;
    }

    @Override
    public int maxBytes() {
        return settings.controlFrameBytes();
    }

    @Override
    public void close(String reason) {
        if (!ending.compareAndSet(null, reason)) {
            return;
        }
        Channel open = channel;
        if (open == null) {
            tellEnd();
        } else if (peer == null) {
            open.close();
        } else {
            open.writeAndFlush(ControlFrames.goodbye(open.alloc(), reason)).addListener(ChannelFutureListener.CLOSE);
            closeLater(open);
        }
    }

    private void closeLater(Channel open) {
        if (!open.eventLoop().isShuttingDown()) {
            ScheduledFuture<?> forced = open.eventLoop()
                    .schedule(() -> open.close(), settings.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
            open.closeFuture().addListener(closed -> forced.cancel(false));
        }
    }

    /** The end without a farewell. */
    private void end(String reason) {
        if (ending.compareAndSet(null, reason)) {
            Channel open = channel;
            if (open == null) {
                tellEnd();
            } else {
                open.close();
            }
        }
    }

    private void tellEnd() {
        if (isEndTold.compareAndSet(false, true)) {
            channels.remove(this);
            String reason = Objects.requireNonNull(ending.get());
            delivery.run(() -> handler.onClosed(reason));
        }
    }

    // ---- while it is dialled; on the event loop

    @Override
    public boolean isWanted() {
        return ending.get() == null;
    }

    @Override
    public void onChannel(Channel dialled) {
        channel = dialled;
        if (!isWanted()) {
            dialled.close();
        }
    }

    @Override
    public void onFailed(String reason) {
        ending.compareAndSet(null, reason);
        tellEnd();
    }

    // ---- while it is open; on the event loop

    @Override
    public void onPeer(Channel open, Peer known) {
        channel = open;
        heardNs = System.nanoTime();
        open.pipeline().addLast(new ControlFrames(this, settings.controlFrameBytes()));
        long intervalMs = settings.heartbeatInterval().toMillis();
        heartbeat = open.eventLoop()
                .scheduleWithFixedDelay(() -> beat(open), intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        peer = known;
        deliver(() -> handler.onOpen(this));
        if (!isWanted()) {
            open.close();
        }
    }

    private void beat(Channel open) {
        long silentNs = System.nanoTime() - heardNs;
        if (open.config().isAutoRead() && silentNs > settings.heartbeatTimeout().toNanos()) {
            end("nothing heard from " + peer() + " for " + TimeUnit.NANOSECONDS.toMillis(silentNs) + " ms");
        } else if (open.isWritable() && isWanted()) {
            open.writeAndFlush(ControlFrames.heartbeat(open.alloc()));
        }
    }

    /** Whether what comes is still of interest: not once this end has decided to close. */
    boolean hears() {
        return ending.get() == null;
    }

    void onBytes() {
        heardNs = System.nanoTime();
    }

    void onMessage(byte[] message) {
        Channel open = Objects.requireNonNull(channel);
        if (unheardBytes.addAndGet(message.length) > UNHEARD_BYTES) {
            open.config().setAutoRead(false);
        }
        delivery.run(() -> {
            if (unheardBytes.addAndGet(-message.length) <= UNHEARD_BYTES / 2
                    && !open.config().isAutoRead()) {
                open.eventLoop().execute(() -> readOn(open));
            }
            hear(() -> handler.onMessage(this, message));
        });
    }

    private void readOn(Channel open) {
        heardNs = System.nanoTime();
        open.config().setAutoRead(true);
    }

    void onGoodbye(String reason) {
        end(peer() + " closed the connection: " + reason);
    }

    void onBroken(String what) {
        String reason = peer() + " breaks the protocol: " + what;
        LOG.warn("closed a connection: {}", reason);
        end(reason);
    }

    void onCutOff(int bytes) {
        String reason =
                "the connection to " + peer() + " was lost within a frame, of which " + bytes + " bytes had come";
        LOG.warn("dropped what had come: {}", reason);
        end(reason);
    }

    void onFailure(Throwable failure) {
        end("the connection to " + peer() + " failed: " + TlsWords.failure(failure));
    }

    void onInactive() {
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        ending.compareAndSet(null, "the connection to " + peer() + " was lost: it was closed without a goodbye");
        tellEnd();
    }

    private void deliver(Runnable call) {
        delivery.run(() -> hear(call));
    }

    private void hear(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("the handler of the connection to {} failed", peer, e);
            close("the handler of the connection failed");
        }
    }
}
