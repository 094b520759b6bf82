package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;

/** Every form that an edge has, for suites that run over all of them. */
enum EdgeForm {
    AGRONA_RING(QueuePolicy.BACKPRESSURE, RingChoice.AGRONA, "one-to-one ring (Agrona)"),
    OWN_RING(QueuePolicy.BACKPRESSURE, RingChoice.OWN, "one-to-one ring"),
    DROP_OLDEST(QueuePolicy.DROP_OLDEST, RingChoice.AUTOMATIC, "slot ring"),
    LATEST(QueuePolicy.LATEST, RingChoice.AUTOMATIC, "slot ring");

    final QueuePolicy policy;
    final RingChoice rings;
    final String shown;

    EdgeForm(QueuePolicy policy, RingChoice rings, String shown) {
        this.policy = policy;
        this.rings = rings;
        this.shown = shown;
    }

    boolean isLossless() {
        return policy.isLossless();
    }

    /** How many wait at the most on an edge that was asked for with this queue size. */
    int waiting(int queueSize) {
        return this == LATEST ? 1 : queueSize;
    }

    Edge create(int queueSize) {
        return create(queueSize, null, null);
    }

    Edge create(int queueSize, WakeSignal readerSignal, WakeSignal writerSignal) {
        return Edge.create(policy, queueSize, readerSignal, writerSignal, rings, () -> {});
    }
}
