/** Runs dataflows in this JVM: threads, edges, timers. */
@SuppressWarnings("requires-transitive-automatic") // who uses our Micrometer package has Micrometer
module io.millrace.local {
    requires transitive io.millrace.core;
    requires org.agrona;
    requires HdrHistogram;
    requires jdk.jfr;
    requires static org.jspecify;
    requires static transitive micrometer.core;

    exports io.millrace.local;
    exports io.millrace.local.micrometer;

    provides io.millrace.runtime.DataflowRuntime with
            io.millrace.local.LocalRuntime;
}
