package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/**
 * Sends a ball on its output {@code out} at each message of its input {@code throw}, and when it is stopped; reports for each ball that comes back at its
 * input {@code back} whether it came in the middle of the throw, and fails if they come out of order.
 */
public final class Juggler implements Operator {
    private Output out;
    private Output report;
    private boolean isThrowing;
    private long caught;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
        report = context.output("report");
    }

    @Override
    public void onInput(Input input, Message message) {
        if (input.id().equals("throw")) {
            throwBall("thrown");
        } else {
            if (message.sequence() != caught++) {
                throw new IllegalStateException("ball " + message.sequence() + " came back as number " + (caught - 1));
            }
            report.send("back " + (isThrowing ? "in the middle of the throw" : "after the throw"));
        }
    }

    @Override
    public void onStop() {
        throwBall("thrown at stop");
    }

    private void throwBall(String line) {
        isThrowing = true;
        out.send("ball");
        isThrowing = false;
        report.send(line);
    }
}
