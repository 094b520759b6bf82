package io.millrace.remote.raft;

import io.millrace.remote.log.AppendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An append whose outcome is not known yet. */
final class PendingAppend {
    private final long call;
    private final byte[] envelope;
    private final long sinceNs;
    private final CompletableFuture<AppendResult> result = new CompletableFuture<>();
    private volatile boolean started;

    PendingAppend(long call, byte[] envelope, long sinceNs) {
        this.call = call;
        this.envelope = envelope;
        this.sinceNs = sinceNs;
    }

    long call() {
        return call;
    }

    byte[] envelope() {
        return envelope;
    }

    long sinceNs() {
        return sinceNs;
    }

    /** From here on the entry may be applied, whatever is answered. */
    void start() {
        started = true;
    }

    boolean hasStarted() {
        return started;
    }

    void complete(AppendResult outcome) {
        result.complete(outcome);
    }

    CompletionStage<AppendResult> refused(String reason) {
        result.complete(new AppendResult.Refused(reason));
        return stage();
    }

    CompletionStage<AppendResult> stage() {
        return result.minimalCompletionStage();
    }
}
