package io.millrace.remote.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network between two processes that can be cut, made a black hole, slowed, and healed: forwards TCP connections from a loopback port of its own to an address. For
 * tests; any thread.
 *
 * <ul>
 *   <li>{@link #cut}: all connections are reset, new ones refused at once (accepted and reset).
 *   <li>{@link #blackHole}: connections stay, bytes do not pass, new ones are accepted and hear nothing. What was under way then is lost with its connection.
 *   <li>{@link #slow}: at most so many bytes a second, either way.
 *   <li>{@link #reorder}: what passes is held for a time by chance, on each connection and either way by itself, so that others overtake it. Within one connection TCP keeps the order.
 *   <li>{@link #breakConnections}: those that are open are reset, new ones pass.
 *   <li>{@link #heal}: all passes again; what a black hole holds passes too.
 * </ul>
 */
public final class FaultyProxy implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int BUFFER = 16 * 1024;

    private final InetSocketAddress target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isCut; // under the lock
    private boolean isBlackHole;
    private long bytesPerSecond;
    private long longestHoldNs;
    private volatile boolean isClosed;

    public FaultyProxy(InetSocketAddress target) {
        this.target = target;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    /** What to dial in place of the target. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** How many connections were ever made, those that were refused too. */
    public int accepted() {
        return accepted.get();
    }

    /** How many there are now. */
    public int open() {
        return sockets.size() / 2;
    }

    public void cut() {
        change(true, false, 0, 0);
        breakConnections();
    }

    public void blackHole() {
        change(false, true, 0, 0);
    }

    public void slow(long toBytesPerSecond) {
        change(false, false, toBytesPerSecond, 0);
    }

    public void reorder(Duration longest) {
        change(false, false, 0, longest.toNanos());
    }

    public void heal() {
        change(false, false, 0, 0);
    }

    private void change(boolean cut, boolean hole, long bytes, long holdNs) {
        lock.lock();
        try {
            isCut = cut;
            isBlackHole = hole;
            bytesPerSecond = bytes;
            longestHoldNs = holdNs;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void breakConnections() {
        sockets.forEach(FaultyProxy::reset);
    }

    private void accept() {
        while (!isClosed) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                start("dial", () -> connect(client));
            } catch (IOException e) {
                if (!isClosed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        Socket there = new Socket();
        sockets.add(client);
        sockets.add(there);
        try {
            if (isRefused()) {
                throw new IOException("cut");
            }
            there.connect(target, CONNECT_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            start("forth", () -> forward(client, there));
            forward(there, client);
        } catch (IOException e) {
            end(client, there);
        }
    }

    private boolean isRefused() {
        lock.lock();
        try {
            return isCut || isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                awaitPassage(count, from);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // one of the ends, or the test, has closed it: that is what is forwarded next
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    /** Waits while nothing passes, and for as long as so many bytes take, or are held. */
    private void awaitPassage(int count, Socket from) throws InterruptedException, IOException {
        lock.lock();
        try {
            while (isBlackHole && !isClosed && !from.isClosed()) {
                changed.await();
            }
            long leftNs = bytesPerSecond == 0 ? holdNs() : 1_000_000_000L * count / bytesPerSecond;
            while (leftNs > 0 && (bytesPerSecond > 0 || longestHoldNs > 0) && !isClosed && !from.isClosed()) {
                leftNs = changed.awaitNanos(leftNs);
            }
            if (from.isClosed()) {
                throw new IOException("closed meanwhile");
            }
        } finally {
            lock.unlock();
        }
    }

    private long holdNs() {
        return longestHoldNs == 0 ? 0 : ThreadLocalRandom.current().nextLong(longestHoldNs);
    }

    private void end(Socket one, Socket other) {
        sockets.remove(one);
        sockets.remove(other);
        reset(one);
        reset(other);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "faulty-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        heal();
        breakConnections();
    }
}
