package io.millrace.local.run;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.jfr.FlightEvents;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Looks from time to time at what nodes are doing: who is stuck, who is slow, who keeps all from the end. The coordinator's thread. */
final class HealthWatch {
    /** How often it is looked at whether somebody records. */
    private static final long NOT_RECORDING_NS = Duration.ofSeconds(1).toNanos();

    private final Wiring wiring;
    private final Agenda agenda;
    private final DataflowLife life;
    private final NodeLives nodes;
    private final NodeSupervisor supervisor;
    private final StragglerWatch stragglers;
    private final HealthChecks checks;

    HealthWatch(
            Wiring wiring,
            Agenda agenda,
            DataflowLife life,
            NodeLives nodes,
            NodeSupervisor supervisor,
            StragglerWatch stragglers) {
        this.wiring = wiring;
        this.agenda = agenda;
        this.life = life;
        this.nodes = nodes;
        this.supervisor = supervisor;
        this.stragglers = stragglers;
        this.checks = HealthChecks.of(wiring.graph());
    }

    /** Not where nodes are stepped: there time stands still while a node is in its code. */
    void begin() {
        if (wiring.options().metrics()) {
            lookForSlowHandling(newSlowWatch(wiring.options()));
        }
        agenda.after(checks.intervalNs(), this::look);
    }

    private SlowWatch newSlowWatch(StartOptions options) {
        List<Supplier<NodeAgent>> agents = new ArrayList<>();
        for (NodeLife node : nodes.all()) {
            agents.add(node::agent);
        }
        long thresholdNs = Math.min(Times.nanos(options.slowHandling()), Agenda.LONGEST_NS);
        return new SlowWatch(agents, options.clock(), thresholdNs, this::onSlow);
    }

    private void onSlow(NodeAgent agent, long lastedNs) {
        Thread thread = nodes.of(agent.nodeId()).thread();
        FlightEvents.slowHandling(wiring.name(), agent.nodeId(), thread, lastedNs);
    }

    /** Where nobody records, only that is looked at, and seldom: a dataflow without work is not to wake its coordinator all the time. */
    private void lookForSlowHandling(SlowWatch watch) {
        boolean isRecording = FlightEvents.isRecording();
        if (isRecording) {
            watch.look();
        }
        agenda.after(
                isRecording ? watch.intervalNs() : Math.max(watch.intervalNs(), NOT_RECORDING_NS),
                () -> lookForSlowHandling(watch));
    }

    private void look() {
        long nowNs = agenda.nanoTime();
        nodes.all().forEach(node -> look(node, nowNs));
        if (life.isRunning()) {
            stragglers.look(nowNs);
        }
        agenda.after(checks.intervalNs(), this::look);
    }

    private void look(NodeLife node, long nowNs) {
        long heldNs = node.look(nowNs);
        if (node.state() == NodeState.RUNNING && heldNs >= node.healthCheckTimeoutNs()) {
            supervisor.onStuck(node, Duration.ofNanos(heldNs));
        } else if (node.state() == NodeState.STUCK && heldNs == 0 && !node.isInterrupted()) {
            supervisor.onNoLongerStuck(node);
        }
    }
}
