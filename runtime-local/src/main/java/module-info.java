/** Runs dataflows in this JVM: threads, edges, timers. */
@SuppressWarnings("module") // the command line is not on the module path when this compiles
module io.millrace.local {
    requires transitive io.millrace.core;
    requires org.agrona;
    requires HdrHistogram;
    requires jdk.jfr;
    requires static org.jspecify;
    // Only where a node is pinned to cores.
    requires static com.sun.jna;
    // Only where something is recorded.
    requires static chronicle.bytes;
    requires static chronicle.queue;
    requires static chronicle.wire;
    // Not transitive: else every user of this module would have to have it.
    requires static micrometer.core;
    // The same, for io.millrace.local.json and io.millrace.local.arrow.
    requires static com.fasterxml.jackson.core;
    requires static com.fasterxml.jackson.databind;
    requires static org.apache.arrow.format;
    requires static org.apache.arrow.memory.core;
    requires static org.apache.arrow.vector;

    exports io.millrace.local;
    exports io.millrace.local.arrow;
    exports io.millrace.local.json;
    exports io.millrace.local.micrometer;
    exports io.millrace.local.recording;
    exports io.millrace.local.testkit;
    // What the cluster builds on.
    exports io.millrace.local.edge to
            io.millrace.remote;
    exports io.millrace.local.part to
            io.millrace.remote;
    exports io.millrace.local.pool to
            io.millrace.remote;
    exports io.millrace.local.process to
            io.millrace.remote;
    exports io.millrace.local.run to
            io.millrace.remote;
    exports io.millrace.local.shared to
            io.millrace.remote;

    provides io.millrace.runtime.DataflowRuntime with
            io.millrace.local.LocalRuntime,
            io.millrace.local.DeterministicRuntime;
}
