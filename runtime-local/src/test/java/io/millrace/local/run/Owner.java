package io.millrace.local.run;

import io.millrace.node.SendResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An owner of outputs whose waiting is scripted. */
final class Owner implements PortOwner {
    /** Done one after the other where the output would wait for room; when none is left, the time has passed. */
    final Queue<Runnable> waits = new ArrayDeque<>();

    final List<OutputPort> overflows = new ArrayList<>();
    private final boolean isReactive;
    boolean mayNotSend;
    private long timestamp = 1000;

    private Owner(boolean isReactive) {
        this.isReactive = isReactive;
    }

    static Owner reactive() {
        return new Owner(true);
    }

    static Owner waiting() {
        return new Owner(false);
    }

    @Override
    public void checkMaySend(OutputPort port) {
        if (mayNotSend) {
            throw new IllegalStateException("not now: " + port.name());
        }
    }

    @Override
    public boolean buffersOverflow() {
        return isReactive;
    }

    @Override
    public void onOverflow(OutputPort port) {
        overflows.add(port);
    }

    @Override
    public SendResult awaitRoom(OutputPort port, long timeoutNs) {
        while (!waits.isEmpty()) {
            waits.remove().run();
            if (port.isClosed()) {
                return SendResult.CLOSED;
            }
            if (port.hasRoom()) {
                return SendResult.ACCEPTED;
            }
        }
        return SendResult.FULL;
    }

    @Override
    public long timestamp() {
        return timestamp++;
    }

    @Override
    public int incarnation() {
        return 3;
    }
}
