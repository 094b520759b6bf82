package io.millrace.benchmarks.soak;

import io.millrace.graph.QueuePolicy;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.SplittableRandom;

/** An application's thread that subscribes to an output, looks at what comes for a while, and goes. */
final class Visitor implements Runnable {
    private static final Duration PATIENCE = Duration.ofMillis(20);

    private final RunningDataflow running;
    private final Ledger ledger;
    private final String output;
    private final SubscribeOptions options;
    private final long stayNs;

    private long first = -1;
    private long last = -1;
    private long received;
    private int incarnation = -1;
    private long skipped;

    Visitor(RunningDataflow running, Ledger ledger, String output, SplittableRandom random, long longestStayNs) {
        this.running = running;
        this.ledger = ledger;
        this.output = output;
        this.options = switch (random.nextInt(3)) {
            case 0 -> SubscribeOptions.backpressure(1 + random.nextInt(64));
            case 1 -> SubscribeOptions.dropOldest(1 + random.nextInt(64));
            default -> SubscribeOptions.latest();
        };
        this.stayNs = random.nextLong(longestStayNs);
    }

    @Override
    public void run() {
        long beginNs = System.nanoTime();
        try (Subscription subscription = running.subscribe(output, options)) {
            while (System.nanoTime() - beginNs < stayNs && !subscription.isClosed()) {
                subscription.poll(this::see, PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            ledger.wrong("visitor of " + output + ": " + e);
        }
        ledger.count("visits").incrementAndGet();
        ledger.count("visitors' messages").addAndGet(received);
    }

    private void see(io.millrace.node.Message message) {
        received++;
        Content.check(message, ledger, "visitor of " + output);
        if (message.incarnation() != incarnation) {
            incarnation = message.incarnation();
            first = message.sequence();
        } else {
            skipped += message.sequence() - last - 1;
        }
        last = message.sequence();
        if (last < first || (skipped != 0 && options.policy() == QueuePolicy.BACKPRESSURE)) {
            ledger.wrong(
                    "visitor of " + output + " by " + options + ": " + skipped + " messages missing up to " + last);
            skipped = 0;
        }
    }
}
