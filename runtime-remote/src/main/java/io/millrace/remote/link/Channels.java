package io.millrace.remote.link;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The channels that are open, and the connections that are not closed yet. From any thread. */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class Channels {
    private final Set<Channel> open = new HashSet<>();
    private final Set<ControlChannel> connections = new HashSet<>();
    private boolean isShut;

    /** Closes it at once if no more are wanted. */
    void add(Channel channel) {
        boolean isLate;
        synchronized (this) {
            isLate = isShut;
            open.add(channel);
        }
        channel.closeFuture().addListener(closed -> remove(channel));
        if (isLate) {
            channel.close();
        }
    }

    private synchronized void remove(Channel channel) {
        open.remove(channel);
        notifyAll();
    }

    /** @return false if no more are wanted */
    synchronized boolean add(ControlChannel connection) {
        return !isShut && connections.add(connection);
    }

    synchronized void remove(ControlChannel connection) {
        connections.remove(connection);
    }

    /** From here on no more are wanted. */
    synchronized List<ControlChannel> shut() {
        isShut = true;
        return List.copyOf(connections);
    }

    synchronized List<Channel> open() {
        return List.copyOf(open);
    }

    /** Blocks until none is open, or the time is over, or the thread is interrupted: then it stays so. */
    synchronized void awaitNone(long timeoutMs) {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            long leftNs = deadlineNs - System.nanoTime();
            while (!open.isEmpty() && leftNs > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
                leftNs = deadlineNs - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
