/** Runs dataflows in this JVM: threads, edges, timers. */
module io.millrace.local {
    requires transitive io.millrace.core;
    requires org.agrona;
    requires HdrHistogram;
    // Only where something is recorded.
    requires static chronicle.bytes;
    requires static chronicle.queue;
    requires static chronicle.wire;
    requires static org.jspecify;

    exports io.millrace.local;
    exports io.millrace.local.recording;

    provides io.millrace.runtime.DataflowRuntime with
            io.millrace.local.LocalRuntime;
}
