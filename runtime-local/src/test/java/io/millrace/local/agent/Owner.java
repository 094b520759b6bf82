package io.millrace.local.agent;

import io.millrace.node.SendResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An owner of outputs whose waiting is scripted. */
public final class Owner implements PortOwner {
    /** Done one after the other where the output would wait for room; when none is left, the time has passed. */
    final Queue<Runnable> waits = new ArrayDeque<>();

    final List<String> overflows = new ArrayList<>();
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

    /** An output of one that waits. */
    public static OutputPort output(String id, String name) {
        return new OutputPort(id, name, waiting());
    }

    /** How many receive what an output sends. */
    public static int consumersOf(OutputPort port) {
        return port.consumers().count();
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
    public void onOverflow(String output) {
        overflows.add(output);
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
