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

    /** Lives a node's life. */
    private static void run(Invitation invitation) throws IOException {
        NodeCode code = new NodeCode();
        try (ParentLink calls = new ParentLink(invitation);
                ParentLink other = new ParentLink(invitation)) {
            Conversation conversation = new Conversation(calls, code);
            Records records = new Records(other, conversation, Thread.currentThread());
            code.connect(conversation, records);
            records.start();
            conversation.serve();
        }
    }
}
