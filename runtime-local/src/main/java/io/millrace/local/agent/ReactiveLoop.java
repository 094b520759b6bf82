package io.millrace.local.agent;

import io.millrace.local.code.InstanceSource;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The duty cycle of a node made of reactive operators. Used by one thread at a time. */
public final class ReactiveLoop implements NodeCode {
    private static final OperatorSlot[] NO_SLOTS = {};

    private final NodeAgent agent;
    private final FailureNotices notices;
    private final List<Part> parts;
    private final List<Operator> opened = new ArrayList<>();
    private final boolean hasTimers;
    private final Commands.Command closing = this::closeLast; // made before there is no memory for it
    private OperatorSlot[] slots = NO_SLOTS;
    private String currentPart;
    private boolean isLastCycle;

    /** What an operator is made of. */
    public record Part(String name, InstanceSource<Operator> source, NodeContext context, NodePorts ports) {}

    public ReactiveLoop(NodeAgent agent, FailureNotices notices, List<Part> parts) {
        this.agent = agent;
        this.notices = notices;
        this.parts = parts;
        boolean anyTimer = false;
        for (Part part : parts) {
            anyTimer |= part.ports().hasTimers();
        }
        this.hasTimers = anyTimer;
        this.currentPart = agent.nodeId();
    }

    @Override
    public boolean isReactive() {
        return true;
    }

    @Override
    public void open() throws Exception {
        for (Part part : parts) {
            currentPart = part.name();
            Operator operator = part.source().create();
            opened.add(operator);
            operator.open(part.context());
        }
    }

    @Override
    public void start() {
        slots = wire();
        for (OperatorSlot slot : slots) {
            slot.start(agent.nowNs());
        }
    }

    @Override
    public int work() throws Exception {
        isLastCycle = agent.waits().takeInterrupt(); // in which it still hears that it is to stop
        if (hasTimers) {
            agent.update();
        }
        return cycle();
    }

    @Override
    public boolean isOver() {
        return isLastCycle || isGone();
    }

    private int cycle() throws Exception {
        int work = agent.orders().carryOut();
        for (OperatorSlot slot : slots) {
            currentPart = slot.name();
            work += slot.work();
            agent.failure().throwIfFailed();
        }
        return work;
    }

    private OperatorSlot[] wire() {
        OperatorSlot[] made = new OperatorSlot[parts.size()];
        for (int i = 0; i < made.length; i++) {
            Part part = parts.get(i);
            made[i] = new OperatorSlot.Padded(
                    part.name(),
                    opened.get(i),
                    agent,
                    part.ports().inputs(),
                    part.ports().outputs());
        }
        for (int i = 0; i < made.length; i++) {
            parts.get(i).ports().connectDirectEdges(made, agent);
        }
        for (OperatorSlot slot : made) {
            slot.findReach();
        }
        return made;
    }

    private boolean isGone() {
        for (OperatorSlot slot : slots) {
            if (!slot.isGone()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasWork() {
        long nowNs = agent.nowNs();
        for (OperatorSlot slot : slots) {
            if (slot.hasWork(nowNs)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean needsRoom() {
        for (OperatorSlot slot : slots) {
            if (!slot.canRun()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long untilDueNs() {
        long until = Long.MAX_VALUE;
        for (OperatorSlot slot : slots) {
            until = Math.min(until, slot.untilDueNs(agent.nowNs()));
        }
        return until;
    }

    @Override
    public void close() {
        slots = NO_SLOTS;
        closeOperators();
    }

    private void closeOperators() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            agent.failure().attempt(parts.get(i).name(), closing);
        }
    }

    private void closeLast() throws Exception {
        opened.remove(opened.size() - 1).close();
    }

    @Override
    public void closeAtOnce() {
        closeOperators();
        for (int i = 0; i < slots.length; i++) { // without an iterator
            slots[i].forget();
        }
    }

    @Override
    public String currentPart() {
        return currentPart;
    }

    @Override
    public void onFailure(String error) {
        notices.send(agent.nodeId(), error);
        for (OperatorSlot slot : slots) {
            slot.flushOnce();
        }
    }

    @Override
    public void onRestarted() {
        notices.sendRestarted(agent.nodeId());
    }

    @Override
    public void retirePorts() {
        for (Part part : parts) {
            part.ports().retire();
        }
    }

    @Override
    public boolean isLastEventOut() {
        for (OperatorSlot slot : slots) {
            if (!slot.isLastEventOut()) {
                return false;
            }
        }
        return slots.length > 0;
    }

    @Override
    public boolean isExhausted() {
        return inputs().anyMatch(InputPort::isDataInput)
                && inputs().filter(InputPort::isDataInput).allMatch(InputPort::isDrained);
    }

    private Stream<InputPort> inputs() {
        return parts.stream().flatMap(part -> part.ports().inputs().stream());
    }

    @Override
    public void endPorts() {
        for (OperatorSlot slot : slots) {
            slot.end();
        }
        for (Part part : parts) {
            part.ports().end(); // also where it was never wired, for want of a start
        }
    }

    @Override
    public void beginStop() throws Exception {
        agent.setStopping();
        for (OperatorSlot slot : slots) {
            currentPart = slot.name();
            slot.beginStop();
        }
    }

    @Override
    public void stop() throws Exception {
        agent.setStopping();
        for (OperatorSlot slot : slots) {
            currentPart = slot.name();
            slot.stop();
        }
    }

    @Override
    public void onNodeFailed(String node, String error, List<String> inputs) throws Exception {
        for (OperatorSlot slot : slots) {
            currentPart = slot.name();
            slot.onNodeFailed(node, error, inputs);
        }
    }

    @Override
    public void onNodeRestarted(String node) throws Exception {
        for (OperatorSlot slot : slots) {
            currentPart = slot.name();
            slot.onNodeRestarted(node);
        }
    }
}
