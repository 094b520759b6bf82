package io.millrace.local.wiring;

import io.millrace.graph.InputSource;
import io.millrace.local.agent.Notified;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.logs.NodeLogs;
import io.millrace.local.part.EdgeMaker;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.local.wiring.Incarnations.Incarnation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a part meets the rest of its dataflow: its edges with one end elsewhere, and the nodes there that are told of what becomes of those here. Any thread. */
public final class Boundary {
    private final PartSpec spec;
    private final PartListener listener;
    private final Map<String, BoundaryInput> inputs = new LinkedHashMap<>();
    private final Map<String, BoundaryOutput> outputs = new LinkedHashMap<>();
    private final Map<String, Neighbour> neighbours = new LinkedHashMap<>();
    private final LogBoundary logs;

    /** A node elsewhere. */
    private static final class Neighbour implements Notified {
        private final String node;
        private final PartListener listener;
        private volatile @Nullable Notified joined;

        Neighbour(String node, PartListener listener) {
            this.node = node;
            this.listener = listener;
        }

        @Override
        public void postNodeFailed(String failed, String error, List<String> inputs) {
            Notified here = joined;
            if (here != null) {
                here.postNodeFailed(failed, error, inputs);
            } else {
                listener.onNodeFailed(node, failed, error, inputs);
            }
        }

        @Override
        public void postNodeRestarted(String restarted) {
            Notified here = joined;
            if (here != null) {
                here.postNodeRestarted(restarted);
            } else {
                listener.onNodeRestarted(node, restarted);
            }
        }
    }

    Boundary(PartSpec spec, NodeLogs logs, LogBoundary.Ending ending) {
        this.spec = spec;
        this.listener = new CarefulListener(spec.graph().name(), spec.listener());
        this.logs = new LogBoundary(spec, logs, ending);
    }

    /** Whom the part's owner has named. What it throws does not come out here. */
    public PartListener listener() {
        return listener;
    }

    // Wiring, before the start.

    void add(BoundaryInput input) {
        inputs.put(input.edge().name(), input);
    }

    void add(BoundaryOutput output) {
        outputs.put(output.edge().name(), output);
    }

    /** A node elsewhere that is to be told. */
    Notified neighbour(String node) {
        return neighbours.computeIfAbsent(node, id -> new Neighbour(id, listener));
    }

    LogBoundary logs() {
        return logs;
    }

    // The owner of the part.

    public List<String> inputNames() {
        List<String> names = new ArrayList<>(inputs.keySet());
        names.addAll(logs.inputNames());
        return names;
    }

    public List<String> outputNames() {
        List<String> names = new ArrayList<>(outputs.keySet());
        names.addAll(logs.outputNames());
        return names;
    }

    public Edge input(String edge, @Nullable WakeSignal writerSignal) {
        return logs.hasInput(edge)
                ? logs.connectInput(edge, writerSignal)
                : known(inputs, edge, "comes from elsewhere", inputNames()).connect(writerSignal);
    }

    public Edge output(String edge, WakeSignal readerSignal) {
        if (logs.hasOutput(edge)) {
            return logs.connectOutput(edge, readerSignal);
        }
        BoundaryOutput output = known(outputs, edge, "goes elsewhere", outputNames());
        setJoined(output.edge().consumer(), null);
        return output.connect(readerSignal);
    }

    public Edge input(String edge, EdgeMaker maker, WakeSignal writerSignal) {
        return known(inputs, edge, "comes from elsewhere", inputNames()).connect(maker, writerSignal);
    }

    public Edge inputNext(String edge, WakeSignal writerSignal, Runnable onChained) {
        return known(inputs, edge, "comes from elsewhere", inputNames()).connectNext(writerSignal, onChained);
    }

    public Edge inputNext(String edge, EdgeMaker maker, WakeSignal writerSignal, Runnable onChained) {
        return known(inputs, edge, "comes from elsewhere", inputNames()).connectNext(maker, writerSignal, onChained);
    }

    public Edge outputAfter(String edge, Edge former, WakeSignal readerSignal) {
        BoundaryOutput output = known(outputs, edge, "goes elsewhere", outputNames());
        setJoined(output.edge().consumer(), null);
        return output.connectAfter(former, readerSignal);
    }

    public Edge outputAfter(String edge, Edge former, EdgeMaker maker, WakeSignal readerSignal) {
        BoundaryOutput output = known(outputs, edge, "goes elsewhere", outputNames());
        setJoined(output.edge().consumer(), null);
        return output.connectAfter(former, maker, readerSignal);
    }

    public Edge output(String edge, EdgeMaker maker, WakeSignal readerSignal) {
        BoundaryOutput output = known(outputs, edge, "goes elsewhere", outputNames());
        setJoined(output.edge().consumer(), null);
        return output.connect(maker, readerSignal);
    }

    public void join(String edge, Boundary consumer) {
        if (logs.hasOutput(edge)) {
            logs.join(edge, consumer.logs);
            return;
        }
        BoundaryOutput output = known(outputs, edge, "goes elsewhere", outputNames());
        BoundaryInput input = consumer.joinable(edge);
        setJoined(output.edge().consumer(), input.consumer());
        output.join(input);
    }

    /** The end of an edge whose other one is going to write straight into it. */
    public BoundaryInput joinable(String edge) {
        return known(inputs, edge, "comes from elsewhere", inputNames());
    }

    private void setJoined(String consumer, @Nullable Notified here) {
        Neighbour neighbour = neighbours.get(consumer);
        if (neighbour != null) {
            neighbour.joined = here;
        }
    }

    private <T> T known(Map<String, T> edges, String edge, String what, List<String> names) {
        T found = edges.get(edge);
        if (found == null) {
            throw new IllegalArgumentException("no edge '" + edge + "' of this part of dataflow '"
                    + spec.graph().name() + "' " + what + "; those that do are " + names);
        }
        return found;
    }

    // The coordinator.

    /** From now on nodes' threads use what was connected. */
    void start() {
        outputs.values().forEach(BoundaryOutput::start);
        inputs.values().forEach(BoundaryInput::start);
    }

    /** A node was stuck: its edges are made anew. */
    void renew(String node, Incarnation next) {
        for (BoundaryInput input : inputs.values()) {
            if (input.edge().consumer().equals(node)) {
                input.renew(
                        next.input(input.wired().input().name()), next.agent().signal());
            }
        }
        for (BoundaryOutput output : outputs.values()) {
            if (output.edge().producer().equals(node) && !output.isShared()) {
                output.renew(next.output(output.source()), next.agent().signal());
            }
        }
    }

    /**
     * What the application feeds has nothing more to come.
     *
     * @param all also where it could still say so itself
     */
    void endApplicationInputs(boolean all) {
        for (BoundaryInput input : inputs.values()) {
            if (input.edge().isFromApplication() && (all || input.isUnconnected())) {
                input.end();
            }
        }
    }

    void onEnded(String node) {
        logs.onEnded(node);
    }

    void close() {
        logs.close();
    }

    // Any thread.

    /** Edges to elsewhere, as far as they are not joined. */
    List<WiredEdge> halves() {
        List<WiredEdge> halves = new ArrayList<>();
        for (BoundaryOutput output : outputs.values()) {
            WiredEdge half = output.half();
            if (half != null) {
                halves.add(half);
            }
        }
        return halves;
    }

    /** The sources elsewhere from which something may still come. */
    Set<String> openSources() {
        Set<String> open = new HashSet<>();
        for (BoundaryInput input : inputs.values()) {
            if (input.isOpen()) {
                InputSource source = input.edge().input().source();
                open.add(
                        source instanceof InputSource.Application application ? application.name() : source.toString());
            }
        }
        return open;
    }
}
