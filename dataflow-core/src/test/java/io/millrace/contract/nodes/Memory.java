package io.millrace.contract.nodes;

import io.millrace.node.NodeContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a node keeps at the word of a message, {@code keep SOMETHING} or {@code keep N bytes}, and finds again when it is opened. */
final class Memory {
    private static final String WORD = "keep ";

    private Memory() {}

    static void obey(String text, NodeContext context) {
        if (text.matches(WORD + "\\d+ bytes")) {
            context.checkpoint(ByteBuffer.allocate(Integer.parseInt(text.split(" ", -1)[1])));
        } else if (text.startsWith(WORD)) {
            // Not from the buffer's begin, and its position must stay.
            ByteBuffer state =
                    ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).position(WORD.length());
            context.checkpoint(state);
            if (state.position() != WORD.length()) {
                throw new IllegalStateException("the position was moved to " + state.position());
            }
        }
    }

    /** {@code open}, with what was found. */
    static String open(NodeContext context) {
        return context.restored()
                .map(state -> "open with " + StandardCharsets.UTF_8.decode(state))
                .orElse("open");
    }
}
