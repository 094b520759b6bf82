package io.millrace.benchmarks.soak;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a process holds at one moment.
 *
 * @param heapBytes in use after a collection
 * @param directBytes of buffers outside the heap, mapped files included
 * @param descriptors open files and sockets; 0 where that is not known
 */
record Vitals(long heapBytes, long directBytes, long threads, long descriptors) {

    /** Collects garbage first, so it takes its time. */
    static Vitals take() {
        System.gc();
        long directBytes = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long descriptors = ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return new Vitals(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                directBytes,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                descriptors);
    }
}
