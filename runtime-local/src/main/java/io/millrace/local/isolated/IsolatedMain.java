package io.millrace.local.isolated;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the JVM of a node begins. Its main thread is the node's. */
public final class IsolatedMain {

    private IsolatedMain() {}

    /** Runs the node that the environment names. */
    public static void main(String[] arguments) throws IOException {
        @Nullable String invitation = System.getenv(Invitation.VARIABLE);
        if (invitation == null) {
            throw new IllegalStateException("this is started by a dataflow, for a node with 'isolation: process': "
                    + Invitation.VARIABLE + " is not set");
        }
        run(Invitation.parse(invitation));
    }

    /** Null where nothing is shared, or cannot be: the other end says so then. */
    private static @Nullable NodeMemory memory(Invitation invitation) {
        if (invitation.memory().isEmpty()) {
            return null;
        }
        try {
            return NodeMemory.open(invitation.memory().get(), invitation.secret());
        } catch (IOException e) {
            return null; // not by a logger here: who sets one up that is not needed doubles the start of this JVM
        }
    }

    /** Lives a node's life. */
    private static void run(Invitation invitation) throws IOException {
        NodeCode code = new NodeCode();
        try (ParentLink calls = new ParentLink(invitation);
                ParentLink other = new ParentLink(invitation)) {
            Conversation conversation = new Conversation(calls, code);
            Records records = new Records(other, conversation, Thread.currentThread());
            code.connect(conversation, records);
            records.start();
            conversation.serve(memory(invitation));
        }
    }
}
