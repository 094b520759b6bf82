package io.millrace.benchmarks.peers;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A wire whose receiver sleeps when it finds nothing, and whose sender then wakes it: what one would write by hand around a ring. */
final class ParkedWire implements Wire {
    private final Wire wire;
    private volatile @Nullable Thread sleeper;

    ParkedWire(Wire wire) {
        this.wire = wire;
    }

    @Override
    public void send(long value) {
        wire.send(value);
        VarHandle.fullFence(); // the message is out before the sleeper is looked for; its counterpart is in await
        Thread asleep = sleeper;
        if (asleep != null) {
            LockSupport.unpark(asleep);
        }
    }

    @Override
    public int receive(Sink sink) {
        return wire.receive(sink);
    }

    @Override
    public int await(Sink sink) throws InterruptedException {
        sleeper = Thread.currentThread();
        VarHandle.fullFence(); // whoever sends from now on sees the sleeper; what was sent before is found here
        int received = wire.receive(sink);
        if (received == 0) {
            LockSupport.park(this);
        }
        sleeper = null;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return received;
    }

    @Override
    public void close() {
        wire.close();
    }
}
