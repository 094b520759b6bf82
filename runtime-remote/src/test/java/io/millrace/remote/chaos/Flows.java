package io.millrace.remote.chaos;

/** The counting dataflows. */
final class Flows {
    private static final String PACKAGE = "io.millrace.remote.chaos.";

    private Flows() {}

    /**
     * Three chains: from machine to machine over a node that may move; within one machine; and from a source that may move.
     *
     * @param traces the directory
     */
    static String large(String traces) {
        return "name: chaos\nqueue_policy: backpressure\nnodes:\n"
                + source("counter", "a", traces, "")
                + relay("relay", "", traces, "counter", true)
                + relay("sink", "c", traces, "relay", false)
                + source("ticker", "b", traces, "")
                + relay("tocker", "b", traces, "ticker", false)
                + source("rover", "", traces, "")
                + relay("harbour", "b", traces, "rover", false);
    }

    /** Ends by itself; its nodes may run anywhere. */
    static String small(String traces) {
        return "name: small\nqueue_policy: backpressure\nnodes:\n"
                + source("smallsource", "", traces, ", count: 60")
                + relay("smallsink", "", traces, "smallsource", false);
    }

    private static String source(String id, String machine, String traces, String more) {
        return node(id, "CountingSource", machine) + "    config: {trace: '" + traces + "'" + more
                + "}\n    outputs: [out]\n";
    }

    private static String relay(String id, String machine, String traces, String from, boolean sends) {
        return node(id, "CountingRelay", machine) + "    config: {trace: '" + traces + "'}\n    inputs: {in: " + from
                + "/out}\n" + (sends ? "    outputs: [out]\n" : "");
    }

    private static String node(String id, String type, String machine) {
        return "  - id: " + id + "\n    class: " + PACKAGE + type + "\n"
                + (machine.isEmpty() ? "" : "    deploy: {machine: " + machine + "}\n");
    }
}
