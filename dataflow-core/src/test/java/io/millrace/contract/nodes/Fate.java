package io.millrace.contract.nodes;

import io.millrace.node.NodeContext;
import java.util.concurrent.TimeUnit;

/** What a node does to itself at the word of a message; any other word is of no consequence. */
enum Fate {
    NOTHING,
    /** Throws. */
    FAIL,
    /** Throws while a claim is open. */
    FAIL_CLAIMING,
    OVERFLOW_STACK,
    /** Takes a second, without need. */
    DAWDLE,
    /** Waits for something that does not come, but heeds an interrupt. */
    STICK,
    /** Waits for something that does not come, whatever is done about it, for {@value #DEAF_SECONDS} s. */
    DEAF;

    /** Longer than a runtime may wait for it, and short enough not to outlive a test run. */
    private static final long DEAF_SECONDS = 15;

    static Fate of(String word) {
        for (Fate fate : values()) {
            if (fate.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ').equals(word)) {
                return fate;
            }
        }
        return NOTHING;
    }

    void befall(NodeContext context) throws Exception {
        switch (this) {
            case NOTHING -> {}
            case FAIL -> throw new IllegalStateException("told to fail");
            case FAIL_CLAIMING -> {
                Pattern.write(context.output("report").claim(Long.BYTES), 666);
                throw new IllegalStateException("told to fail while it writes");
            }
            case OVERFLOW_STACK -> Mishap.STACK_OVERFLOW.happen("told to overflow its stack");
            case DAWDLE -> TimeUnit.SECONDS.sleep(1);
            case STICK -> TimeUnit.DAYS.sleep(1);
            case DEAF -> hearNothing(context);
        }
    }

    /** And sends then, which is to reach nobody. */
    private static void hearNothing(NodeContext context) {
        long beganNs = context.clock().nanoTime();
        while (context.clock().nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(DEAF_SECONDS)) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                context.logger().debug("ignored an interrupt, as told");
            }
        }
        context.output("report").send("too late");
    }
}
