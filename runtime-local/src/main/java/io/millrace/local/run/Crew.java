package io.millrace.local.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who drives the nodes of a dataflow: a thread for each, and workers for those that share. Used by the coordinator's thread. */
final class Crew {

    /** Makes threads that have their name and are not started. */
    interface Threads {
        /** @param suffix of its name, after that of the dataflow */
        Thread thread(Runnable action, String suffix);
    }

    private final Wiring wiring;
    private final Threads threads;
    private final Map<String, Worker> workerOf = new HashMap<>();
    private final List<Worker> workers = new ArrayList<>();

    Crew(Wiring wiring, Threads threads) {
        this.wiring = wiring;
        this.threads = threads;
        wiring.sharingNodes().forEach(this::addWorker);
    }

    private void addWorker(List<String> nodes, Waiting waiting) {
        String suffix = "-worker-" + (workers.size() + 1);
        Worker worker = new Worker(waiting, wiring.gate(), shift -> threads.thread(shift, suffix), wiring::classLoader);
        workers.add(worker);
        nodes.forEach(node -> workerOf.put(node, worker));
    }

    /** What is to drive this incarnation of its node. */
    Carrier carrierFor(NodeAgent agent) {
        Worker worker = workerOf.get(agent.nodeId());
        if (worker != null) {
            return worker;
        }
        Thread thread = threads.thread(agent, "-" + agent.nodeId());
        thread.setContextClassLoader(wiring.classLoader(agent));
        return new OwnThread(thread);
    }

    /** Nodes that have not come back from their code since the last call have their thread for themselves from now on. */
    void relieve() {
        workers.forEach(Worker::relieve);
    }
}
