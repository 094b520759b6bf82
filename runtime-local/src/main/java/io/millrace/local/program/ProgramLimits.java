package io.millrace.local.program;

import io.millrace.graph.Edge;
import io.millrace.graph.GraphNode;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.plan.Preparation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How long payloads may be that programs read, wherever those run. */
public final class ProgramLimits {
    private final Map<String, String> programs = new HashMap<>(); // by the output: one that reads it

    public ProgramLimits(Plan plan) {
        Set<String> all = programs(plan);
        for (Edge edge : plan.graph().edges()) {
            if (all.contains(edge.node())) {
                programs.putIfAbsent(edge.from().toString(), edge.node());
            }
        }
    }

    private static Set<String> programs(Plan plan) {
        Set<String> programs = new HashSet<>();
        for (PlannedNode node : plan.nodes()) {
            if (node.isProcess()) {
                programs.add(node.node().id());
            }
        }
        for (GraphNode node : plan.graph().nodes()) {
            if (!plan.isHere(node.id()) && Preparation.isProcess(node)) {
                programs.add(node.id());
            }
        }
        return programs;
    }

    /** Limits an output of a node, if a program reads it. */
    public void limit(OutputPort port) {
        String program = programs.get(port.name());
        if (program != null) {
            limit(port, program);
        }
    }

    public static void limit(OutputPort port, String program) {
        port.limitTo(
                ProgramHost.MAX_PAYLOAD_BYTES,
                "the most that fits into a frame of dora's protocol, in which node '" + program + "' gets it");
    }
}
