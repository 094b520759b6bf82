package io.millrace.benchmarks.peers;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A dataflow: a source with its own loop, and reactive operators behind it.
 *
 * @param capacity of each edge, in messages
 * @param form that the edges must have, lest something else be measured; empty for any
 */
record NodePipe(Template template, QueuePolicy policy, int capacity, Idle idle, int hops, long added, String form)
        implements Pipe {

    @Override
    public void run(Schedule schedule, Sink sink) throws InterruptedException {
        DataflowBuilder builder = Dataflow.builder("pipe")
                .node("node-0", () -> new Source(schedule, template), node -> node.output("data"));
        for (int i = 1; i <= hops; i++) {
            boolean isLast = i == hops;
            String from = "node-" + (i - 1) + "/data";
            builder.operator(
                    "node-" + i, () -> isLast ? new Last(template, sink) : new Relay(template, added), node -> {
                        node.input("data", from, policy, capacity);
                        if (!isLast) {
                            node.output("data");
                        }
                    });
        }
        StartOptions options = StartOptions.builder().idle(idle).build();
        try (RunningDataflow running = builder.build().start(options)) {
            running.status().edges().forEach(this::check);
            DataflowResult result = running.await();
            result.cause().ifPresent(failure -> {
                throw new IllegalStateException("the dataflow failed", failure.error());
            });
        }
    }

    private void check(EdgeStatus edge) {
        if (!form.isEmpty() && !edge.form().equals(form)) {
            throw new IllegalStateException("expected an edge of the form '" + form + "', found '" + edge.form()
                    + "': whether Agrona's ring is used depends on this JVM's flags");
        }
    }

    private static void send(Output data, Template template, long value) {
        Claim claim = data.claim(template.length());
        if (template.length() > Long.BYTES) {
            claim.putBytes(0, template.bytes(), 0, template.length());
        }
        claim.putLong(0, value);
        claim.commit();
    }

    /** Asks the schedule until it ends. */
    private record Source(Schedule schedule, Template template) implements Node {
        @Override
        public void run(NodeContext context) {
            Output data = context.output("data");
            for (long value = schedule.next(); value != Schedule.END; value = schedule.next()) {
                if (value == Schedule.NOT_YET) {
                    Thread.onSpinWait();
                } else {
                    send(data, template, value);
                }
            }
        }
    }

    private static final class Relay implements Operator {
        private final Template template;
        private final long added;
        private @Nullable Output data;

        Relay(Template template, long added) {
            this.template = template;
            this.added = added;
        }

        @Override
        public void open(NodeContext context) {
            data = context.output("data");
        }

        @Override
        public void onInput(Input input, Message message) {
            template.check(message.getLong(template.length() - Long.BYTES));
            send(Objects.requireNonNull(data), template, message.getLong(0) + added);
        }
    }

    private record Last(Template template, Sink sink) implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            template.check(message.getLong(template.length() - Long.BYTES));
            sink.onValue(message.getLong(0));
        }
    }
}
