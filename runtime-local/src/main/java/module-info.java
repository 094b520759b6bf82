/** Runs dataflows in this JVM: threads, edges, timers. */
module io.millrace.local {
    requires transitive io.millrace.core;
    requires org.agrona;
    requires HdrHistogram;
    requires jdk.jfr;
    requires static org.jspecify;
    requires static micrometer.core; // not transitive: else every user of this module would have to have it

    exports io.millrace.local;
    exports io.millrace.local.micrometer;

    provides io.millrace.runtime.DataflowRuntime with
            io.millrace.local.LocalRuntime;
}
