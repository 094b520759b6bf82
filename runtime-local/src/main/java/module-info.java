/** Runs dataflows in this JVM: threads, edges, timers. */
module io.millrace.local {
    requires transitive io.millrace.core;
    requires org.agrona;
    requires HdrHistogram;
    requires static org.jspecify;

    exports io.millrace.local;
    exports io.millrace.local.testkit;

    provides io.millrace.runtime.DataflowRuntime with
            io.millrace.local.LocalRuntime,
            io.millrace.local.DeterministicRuntime;
}
