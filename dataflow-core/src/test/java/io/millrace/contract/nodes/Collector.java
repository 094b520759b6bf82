package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/**
 * Checks that each input brings {@link Pattern} payloads intact and in order, and fails where one does not. At its end it reports for each input
 * {@code in: 100 messages, 0 to 99, 0 missing}.
 */
public final class Collector implements Operator {
    private Tally[] tallies = {};
    private Output report;

    @Override
    public void open(NodeContext context) {
        tallies = context.inputs().stream().map(Tally::new).toArray(Tally[]::new);
        report = context.output("report");
    }

    @Override
    public void onInput(Input input, Message message) {
        tallies[input.index()].take(message);
    }

    @Override
    public void onAllInputsClosed() {
        tell();
    }

    @Override
    public void onStop() {
        tell();
    }

    private void tell() {
        for (Tally tally : tallies) {
            report.send(tally.toString());
        }
    }

    /** What one input has brought. */
    private static final class Tally {
        private final Input input;
        private long count;
        private long first = -1;
        private long last = -1;
        private long lastSequence = -1;

        Tally(Input input) {
            this.input = input;
        }

        void take(Message message) {
            long number = Pattern.number(message);
            Pattern.check(message, number);
            if (number <= last || message.sequence() <= lastSequence) {
                throw new IllegalStateException(input.name() + ": message " + number + ", sequence "
                        + message.sequence() + ", came after " + last + ", sequence " + lastSequence);
            }
            if (count++ == 0) {
                first = number;
            }
            last = number;
            lastSequence = message.sequence();
        }

        @Override
        public String toString() {
            if (count == 0) {
                return input.id() + ": 0 messages";
            }
            long missing = last - first + 1 - count;
            return input.id() + ": " + count + " messages, " + first + " to " + last + ", " + missing + " missing";
        }
    }
}
