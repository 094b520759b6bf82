package io.millrace.local.run;

import io.millrace.local.wiring.TappedOutput;
import io.millrace.runtime.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Edges that are to be attached to outputs while messages flow. One thread. */
final class Attachments {
    private static final long BETWEEN_LOOKS_MS = 50;

    private final Coordinator coordinator;
    private final List<Pending> pending = new ArrayList<>();

    private record Pending(String node, CompletableFuture<Boolean> attached) {}

    Attachments(Coordinator coordinator) {
        this.coordinator = coordinator;
    }

    /**
     * Has a command attach an edge when its node sends nothing.
     *
     * @return false if nothing is sent any more
     */
    boolean add(TappedOutput producer, Runnable attach) {
        CompletableFuture<Boolean> attached = new CompletableFuture<>();
        boolean isPosted = producer.post(() -> {
            attach.run();
            attached.complete(true);
        });
        if (isPosted) {
            pending.add(new Pending(producer.node(), attached));
        }
        return isPosted;
    }

    /** Blocks until each is attached, or is sure to be before its node sends again. Not before messages flow, nor where nodes would wait for the caller. */
    void await() throws InterruptedException {
        if (!coordinator.isGateOpen() || coordinator.isOwnThread()) {
            return;
        }
        for (Pending one : pending) {
            await(one);
        }
    }

    private void await(Pending one) throws InterruptedException {
        // A node that was left behind takes no notice of anything.
        CompletableFuture<Object> either = CompletableFuture.anyOf(one.attached, coordinator.completion());
        while (!either.isDone() && maySend(one.node)) {
            try {
                either.get(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // The node's state may have changed, which nobody tells.
            } catch (ExecutionException e) {
                throw new AssertionError("neither stage fails", e);
            }
        }
    }

    /** Not between two incarnations. In all other states, some of which the coordinator hears of later than they are so, the node's thread may be at work. */
    private boolean maySend(String node) {
        return node.isEmpty() || coordinator.nodeState(node) != NodeState.RESTARTING;
    }
}
