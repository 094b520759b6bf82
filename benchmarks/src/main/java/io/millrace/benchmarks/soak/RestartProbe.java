package io.millrace.benchmarks.soak;

import io.millrace.Dataflow;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.runtime.RunningDataflow;

/** Whether the runtime at hand starts a failed node again; where it does not, nodes that fail would only end the soak early. */
final class RestartProbe {
    private RestartProbe() {}

    /** Blocks until a small dataflow has ended. */
    static boolean restarts() throws InterruptedException {
        Dataflow dataflow = Dataflow.parse("""
                name: restart-probe
                nodes:
                  - id: once
                    class: io.millrace.benchmarks.soak.RestartProbe$FailsOnce
                    restart_policy: on-failure
                    restart_delay: 1ms
                """);
        try (RunningDataflow running = dataflow.start()) {
            return running.await().status().node("once").incarnation() == 1;
        }
    }

    /** Fails in its first incarnation, and ends well in the second. */
    public static final class FailsOnce implements Node {
        @Override
        public void run(NodeContext context) {
            if (context.incarnation() == 0) {
                throw new Mishaps.PlannedException(context.nodeId());
            }
        }
    }
}
