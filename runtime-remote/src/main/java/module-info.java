/** The command line. */
module io.millrace.remote {
    requires io.millrace.core;
    requires io.millrace.local;
    requires info.picocli;
    requires jdk.unsupported; // signals, without which Ctrl-C could not stop a dataflow in order
    requires org.slf4j;
    requires static org.jspecify;

    opens io.millrace.remote.cli to
            info.picocli;
}
