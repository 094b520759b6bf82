package io.millrace.contract;

import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;

/** A subscription whose messages are read one by one, by one thread. Takes from the dataflow only what it was asked for, and what came along. */
final class Tap implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(200);

    private final Subscription subscription;
    private final Duration deadline;
    private final Deque<Heard> waiting = new ArrayDeque<>();

    Tap(Subscription subscription) {
        this(subscription, Trial.DEADLINE);
    }

    /** @param deadline how long it waits for any one message */
    Tap(Subscription subscription, Duration deadline) {
        this.subscription = subscription;
        this.deadline = deadline;
    }

    Subscription subscription() {
        return subscription;
    }

    /** The next message; waits for it. */
    Heard next() throws InterruptedException {
        if (waiting.isEmpty() && !fetch()) {
            throw new AssertionError(subscription.output() + " brought nothing more"
                    + (subscription.isClosed() ? ": it is closed" : " within " + deadline));
        }
        return waiting.remove();
    }

    String nextText() throws InterruptedException {
        return next().text();
    }

    /** So many of the next texts; waits for them. */
    List<String> texts(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            texts.add(nextText());
        }
        return texts;
    }

    /** All that comes until the output closes; waits for that. */
    List<Heard> rest() throws InterruptedException {
        while (fetch()) {
            continue;
        }
        if (!subscription.isClosed()) {
            throw new AssertionError(subscription.output() + " has not closed after " + waiting.size() + " messages");
        }
        List<Heard> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    List<String> restTexts() throws InterruptedException {
        return rest().stream().map(Heard::text).toList();
    }

    /** Takes the next message, and has something done while it is in hand. */
    void whileInHand(Callable<?> work) {
        boolean[] done = {false};
        subscription.poll(message -> {
            waiting.add(Heard.of(message));
            if (!done[0]) {
                done[0] = true;
                call(work);
            }
        });
        if (!done[0]) {
            throw new AssertionError(subscription.output() + " has no message that waits");
        }
    }

    private static void call(Callable<?> work) {
        try {
            work.call();
        } catch (Exception e) {
            throw new AssertionError("it failed while a message was in hand", e);
        }
    }

    /** All that waits now. */
    List<Heard> waitingNow() {
        subscription.poll(message -> waiting.add(Heard.of(message)));
        List<Heard> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    @Override
    public void close() {
        subscription.close();
    }

    private boolean fetch() throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!subscription.isClosed() && System.nanoTime() - beganNs < deadline.toNanos()) {
            if (subscription.poll(message -> waiting.add(Heard.of(message)), STEP) > 0) {
                return true;
            }
        }
        return false;
    }

    /** A message as it was when it was taken, kept. */
    record Heard(
            int incarnation,
            long sequence,
            long timestamp,
            PayloadFormat format,
            Parameters parameters,
            byte[] payload) {

        static Heard of(Message message) {
            return new Heard(
                    message.incarnation(),
                    message.sequence(),
                    message.timestamp(),
                    message.format(),
                    message.parameters(),
                    message.toByteArray());
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }
}
