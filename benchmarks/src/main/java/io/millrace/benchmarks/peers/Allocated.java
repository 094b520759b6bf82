package io.millrace.benchmarks.peers;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the threads that live have allocated so far. The difference of two looks is what happened between them, if no thread ended meanwhile. */
final class Allocated {
    private Allocated() {}

    /** Allocates a little itself. */
    static long bytes() {
        if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
            throw new IllegalStateException("this JVM does not count what its threads allocate");
        }
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes); // -1 for a thread that has just ended
        }
        return sum;
    }
}
