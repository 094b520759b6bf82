import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/** Sends on what comes in, as it is. */
public final class PassOn implements Operator {
    private Output out;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
    }

    @Override
    public void onInput(Input input, Message message) {
        out.send(message);
    }
}
