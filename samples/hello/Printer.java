import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;

/** A reactive node: prints every message that comes in. */
public class Printer implements Operator {
    @Override
    public void onInput(Input input, Message message) {
        System.out.println(message.text());
    }
}
