import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** A node with its own loop: greets with every tick, five times. */
public class Greeter implements Node {
    @Override
    public void run(NodeContext context) {
        String name = context.config().text("name", "world");
        Output greeting = context.output("greeting");
        for (Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT) {
                long count = event.message().sequence() + 1;
                SendResult sent = greeting.send("hello, " + name + " (" + count + ")");
                if (count == 5 || sent == SendResult.CLOSED) {
                    return; // all is said, or nobody listens any more
                }
            }
        }
    }
}
