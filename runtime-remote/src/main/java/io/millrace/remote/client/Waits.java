package io.millrace.remote.client;

import io.millrace.remote.wire.Durations;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for what comes. */
final class Waits {
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private Waits() {}

    /**
     * Blocks until it is there.
     *
     * @param timeout after which whoever brings it gives up by itself
     * @throws WaitInterruptedException if the caller is interrupted, whose flag stays
     */
    static <T> T forReply(CompletionStage<T> reply, Duration timeout) {
        try {
            return reply.toCompletableFuture()
                    .get(Durations.nanos(Durations.sum(timeout, MARGIN)), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException("nothing has come within " + Durations.millis(timeout) + " ms");
        }
    }
}
