import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/** Says a word, louder with every tick, and ends when it has said it often enough. */
public class Shout implements Operator {
    private String word;
    private Output loud;

    @Override
    public void open(NodeContext context) {
        word = context.config().text("word", "hello");
        loud = context.output("loud");
    }

    @Override
    public void onInput(Input input, Message message) {
        loud.send(word.toUpperCase() + "!".repeat((int) message.sequence() + 1));
    }
}
