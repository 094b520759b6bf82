package io.millrace.benchmarks;

import io.millrace.Dataflow;
import io.millrace.graph.Execution.Idle;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.util.List;

/** A running dataflow of two nodes that spin, one of which takes orders. */
final class Nodes implements Rig {
    private static final StartOptions SPINNING =
            StartOptions.builder().idle(Idle.BUSY_SPIN).build();

    private final Orders orders;
    private final RunningDataflow running;

    private Nodes(Orders orders, RunningDataflow running) {
        this.orders = orders;
        this.running = running;
    }

    /** @param form of the edge that both nodes' messages cross first, or all of them: what the run is meant to measure */
    static Nodes start(Dataflow dataflow, Orders orders, String form) {
        RunningDataflow running = dataflow.start(SPINNING);
        running.completion().thenAccept(result -> result.cause().ifPresent(cause -> orders.failed(cause.error())));
        Nodes nodes = new Nodes(orders, running);
        nodes.checkForm(form);
        return nodes;
    }

    private void checkForm(String expected) {
        List<String> forms = running.status().edges().stream()
                .map(DataflowStatus.EdgeStatus::form)
                .toList();
        if (!forms.contains(expected)) {
            orders.close();
            running.close();
            throw new IllegalStateException("expected an edge of the form '" + expected + "', found " + forms
                    + ": whether Agrona's ring is used depends on this JVM's flags");
        }
    }

    @Override
    public void run(int messages) throws InterruptedException {
        orders.run(messages);
    }

    @Override
    public void stop() throws InterruptedException {
        orders.close();
        DataflowResult result = running.await();
        result.cause().ifPresent(cause -> {
            throw new IllegalStateException("the dataflow failed", cause.error());
        });
    }
}
