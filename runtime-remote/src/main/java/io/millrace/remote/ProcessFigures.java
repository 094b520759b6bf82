package io.millrace.remote;

import io.millrace.remote.metrics.MetricsPage;
import java.lang.management.ManagementFactory;

/** What a member's page says of its process. */
final class ProcessFigures {
    private ProcessFigures() {}

    static void addTo(MetricsPage page, boolean isReady) {
        Runtime runtime = Runtime.getRuntime();
        page.gauge("millrace_ready", "Whether it can do its work.").add(isReady ? 1 : 0);
        page.gauge("millrace_jvm_heap_used_bytes", "Heap in use, with what is not collected yet.")
                .add(runtime.totalMemory() - runtime.freeMemory());
        page.gauge("millrace_jvm_heap_max_bytes", "The most heap that the JVM may take.")
                .add(runtime.maxMemory());
        page.gauge("millrace_jvm_threads", "Threads of the JVM.")
                .add(ManagementFactory.getThreadMXBean().getThreadCount());
        page.gauge("millrace_uptime_seconds", "Since the JVM began.")
                .add(ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
    }
}
