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
    // Optional, each for the one package that shows its types.
    requires static transitive com.fasterxml.jackson.core;
    requires static transitive com.fasterxml.jackson.databind;
    requires static transitive org.apache.arrow.memory.core;
    requires static transitive org.apache.arrow.vector;
    requires static org.apache.arrow.format;

    exports io.millrace.local;
<<<<<<< HEAD
    exports io.millrace.local.recording;
=======
    exports io.millrace.local.arrow;
    exports io.millrace.local.json;
>>>>>>> bc80b71

    provides io.millrace.runtime.DataflowRuntime with
            io.millrace.local.LocalRuntime;
}
