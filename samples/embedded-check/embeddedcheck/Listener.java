package embeddedcheck;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;

/** Says what it hears. */
public final class Listener implements Operator {
    @Override
    public void onInput(Input input, Message message) {
        System.out.println("first event: " + message.text());
    }
}
