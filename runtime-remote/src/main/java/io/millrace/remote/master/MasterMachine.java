package io.millrace.remote.master;

import io.millrace.remote.log.StateMachine;
import io.millrace.remote.state.Applied;
import io.millrace.remote.state.ClusterEntry;
import io.millrace.remote.state.ClusterLimits;
import io.millrace.remote.state.ClusterState;
import io.millrace.remote.state.Outcome;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.WireFormatException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import java.util.function.Function;

/** The cluster's state as the log's machine. The log applies, the master asks: one at a time, under a lock that is held for as long as an entry takes. */
final class MasterMachine implements StateMachine {
    private static final byte SNAPSHOT_VERSION = 2;
    private static final int LARGEST_STATE = 1 << 30;

    private final RecordCodec<ClusterEntry> entries = ClusterEntry.codec();
    private final RecordCodec<Outcome> outcomes = Outcome.codec();
    private final ArtifactFiles artifacts;
    private final ClusterLimits limits;
    private final Consumer<Applied> onApplied;

    // Guarded by this.
    private ClusterState state;
    private long lastIndex; // applied since it was opened

    /** @param onApplied told of what changed, on the log's thread and under the lock: it must only pass it on */
    MasterMachine(ArtifactFiles artifacts, ClusterLimits limits, Consumer<Applied> onApplied) {
        this.artifacts = artifacts;
        this.limits = limits;
        this.onApplied = onApplied;
        this.state = new ClusterState(artifacts, limits);
    }

    @Override
    public synchronized byte[] apply(long index, byte[] entry) {
        lastIndex = index;
        Applied applied = state.apply(index, entries.decode(entry));
        if (!applied.machines().isEmpty() || !applied.jobs().isEmpty()) {
            onApplied.accept(applied);
        }
        return outcomes.encode(applied.outcome());
    }

    /** Artifacts change by entries alone, and so not meanwhile: their bytes, which may be many, are written without keeping anybody from asking. */
    @Override
    public void snapshot(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeByte(SNAPSHOT_VERSION);
        byte[] bytes = stateBytes();
        data.writeInt(bytes.length);
        data.write(bytes);
        artifacts.writeAll(data);
        data.flush();
    }

    /** A state that is too large for a snapshot is as one for which there is no room: the log stays. */
    private synchronized byte[] stateBytes() throws IOException {
        try {
            return state.snapshot();
        } catch (WireFormatException e) {
            throw new IOException("the state cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void restore(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte version = data.readByte();
        int length = data.readInt();
        if (version != SNAPSHOT_VERSION || length < 0 || length > LARGEST_STATE) {
            throw new IOException("a snapshot of version " + version + " with " + length + " bytes: this version reads "
                    + SNAPSHOT_VERSION + " with " + LARGEST_STATE + " at the most");
        }
        byte[] bytes = data.readNBytes(length);
        artifacts.readAll(data);
        state = ClusterState.restore(bytes, artifacts, limits);
    }

    /** Of the last entry that was applied since this process began; 0 before. */
    synchronized long lastIndex() {
        return lastIndex;
    }

    byte[] encode(ClusterEntry entry) {
        return entries.encode(entry);
    }

    Outcome outcome(byte[] reply) {
        return outcomes.decode(reply);
    }

    /** Asks the state, and must neither keep it nor wait. */
    synchronized <T> T ask(Function<ClusterState, T> question) {
        return question.apply(state);
    }
}
