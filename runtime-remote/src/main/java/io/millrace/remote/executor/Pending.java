package io.millrace.remote.executor;

import io.millrace.remote.wire.ExecutorMessage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Questions to the masters that wait for their answers, by their numbers: asked again when another master leads. Any thread. */
final class Pending {
    private static final long ANSWER_TIMEOUT_S = 30;

    private final Map<Long, Asked> waiting = new LinkedHashMap<>(); // guarded by this
    private long next; // guarded by this

    private record Asked(ExecutorMessage message, CompletableFuture<Object> answer) {}

    /**
     * Asks, and waits for the answer.
     *
     * @param message given its number
     * @throws IOException if the masters do not have what is asked for, or none answers in time
     */
    <T> T ask(ExecutorAgent.Line line, Class<T> type, LongFunction<ExecutorMessage> message)
            throws IOException, InterruptedException {
        long number;
        Asked asked;
        synchronized (this) {
            number = next++;
            asked = new Asked(message.apply(number), new CompletableFuture<>());
            waiting.put(number, asked);
        }
        line.send(asked.message); // if nobody is connected, later
        try {
            return type.cast(asked.answer.get(ANSWER_TIMEOUT_S, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (TimeoutException e) {
            throw new IOException("no master has answered within " + ANSWER_TIMEOUT_S + " s", e);
        } finally {
            take(number);
        }
    }

    void answer(long number, Object answer) {
        Asked asked = take(number);
        if (asked != null) {
            asked.answer.complete(answer);
        }
    }

    void fail(long number, String reason) {
        Asked asked = take(number);
        if (asked != null) {
            asked.answer.completeExceptionally(new IOException(reason));
        }
    }

    private synchronized @Nullable Asked take(long number) {
        return waiting.remove(number);
    }

    /** What is still to be answered. */
    synchronized List<ExecutorMessage> messages() {
        return waiting.values().stream().map(Asked::message).toList();
    }
}
