/** Dataflows as they are written and checked, the API of node authors, and the facade through which applications start them. */
@SuppressWarnings("module") // the runtimes that packages are exported to are not on the module path when this compiles
module io.millrace.core {
    requires transitive org.slf4j;
    requires org.yaml.snakeyaml;
    requires static org.jspecify; // not transitive: whoever compiles against us need not have it

    exports io.millrace;
    exports io.millrace.codec;
    exports io.millrace.graph;
    exports io.millrace.node;
    exports io.millrace.runtime;
    exports io.millrace.testkit;
    exports io.millrace.files to
            io.millrace.local,
            io.millrace.remote;
    exports io.millrace.workdir to
            io.millrace.local,
            io.millrace.remote;
    exports io.millrace.layout to
            io.millrace.local,
            io.millrace.remote;

    uses io.millrace.runtime.DataflowRuntime;
}
