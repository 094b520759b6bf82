package io.millrace.benchmarks.soak;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the nodes themselves have counted, over all their incarnations, and what they found wrong. Nodes that a dataflow file names are made by the runtime,
 * so they find their ledger by its name. Any thread.
 */
final class Ledger implements AutoCloseable {
    private static final int MOST_FINDINGS = 100; // one thing wrong can be wrong a million times
    private static final Map<String, Ledger> OPEN = new ConcurrentHashMap<>();

    private final String name;
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Map<String, Tape> tapes = new ConcurrentHashMap<>();
    private final Queue<String> findings = new ConcurrentLinkedQueue<>();
    private final AtomicLong found = new AtomicLong();
    private boolean isCalm; // guarded by this
    private long mishaps; // guarded by this

    private Ledger(String name) {
        this.name = name;
    }

    /** @throws IllegalStateException if one of that name is open */
    static Ledger open(String name) {
        Ledger ledger = new Ledger(name);
        if (OPEN.putIfAbsent(name, ledger) != null) {
            throw new IllegalStateException("ledger '" + name + "' is open already");
        }
        return ledger;
    }

    static Ledger find(String name) {
        Ledger ledger = OPEN.get(name);
        if (ledger == null) {
            throw new IllegalStateException("there is no ledger '" + name + "': found " + OPEN.keySet());
        }
        return ledger;
    }

    /** The count under this name: the caller keeps it, and may be the only one that adds to it. */
    AtomicLong count(String what) {
        return counts.computeIfAbsent(what, key -> new AtomicLong());
    }

    /** What the consumer's incarnations so far have seen of one input: they follow one another, so one thread at a time uses it. */
    Tape tape(String input, boolean isLossless) {
        return tapes.computeIfAbsent(input, key -> new Tape(this, input, isLossless));
    }

    /** Whether a node may fail by plan now; if so, it does. */
    synchronized boolean mayFail() {
        mishaps += isCalm ? 0 : 1;
        return !isCalm;
    }

    /** From now on nobody fails by plan. Returns how often nodes have. */
    synchronized long calm() {
        isCalm = true;
        return mishaps;
    }

    void wrong(String finding) {
        if (found.incrementAndGet() <= MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    long found() {
        return found.get();
    }

    Iterable<String> findings() {
        return findings;
    }

    Map<String, AtomicLong> counts() {
        return new TreeMap<>(counts);
    }

    @Override
    public void close() {
        OPEN.remove(name, this);
    }
}
