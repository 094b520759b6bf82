package io.millrace.node;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One output of a node or operator. Used by the node's own thread only; in debug mode another thread that sends gets an {@link IllegalStateException}.
 *
 * <p>A message goes to all consumers of the output or to none: it finds the output full if any consumer under backpressure lacks room. Consumers of other
 * policies always have room. An output is closed when the last of the consumers it had has ended, or when its node has closed it. An output that
 * nobody reads is neither: its messages are counted and go nowhere.
 *
 * <p>The two styles differ in what happens when there is no room:
 *
 * <ul>
 *   <li>A reactive {@link Operator} never waits and is never refused: {@code claim} and {@code send} always take the message. Its callback runs only while
 *       each of its outputs has room; messages beyond it wait in a bounded overflow, and no input is taken until that is empty. Too many in one callback fail
 *       the node.
 *   <li>A {@link Node} with its own loop chooses: {@code tryClaim} and {@code offer} return at once, {@code send} with a timeout waits so long,
 *       {@code claim} and {@code send} without one wait until there is room or the output is closed.
 * </ul>
 *
 * <p>A payload of more than a few KiB stands in memory of this output, which all consumers read in place, within the node's {@code payload_budget}. When that is used up,
 * messages that wait for consumers which may lose some are given up, oldest first; if that is not enough there is no room for another large payload, whatever {@link
 * #hasRoom} says of a small one, until a consumer has released one.
 *
 * <p>The largest payload is {@value #MAX_PAYLOAD_BYTES} bytes, or with its parameters the {@code payload_budget} if that is written; a larger one is refused with an {@link
 * IllegalArgumentException}. No method allocates in the long run: memory for large payloads is used again.
 */
public interface Output {
    /** The largest payload: 1 GiB. */
    int MAX_PAYLOAD_BYTES = 1 << 30;

    /** As declared. */
    String id();

    /** {@code node/output} or {@code node/operator/output}. */
    String name();

    /**
     * Room for one message, to be written in place. A {@link Node} waits for it.
     *
     * @return never null; where the output is closed, room that leads nowhere
     * @throws IllegalStateException if called in {@code open}, or while another claim on this output is neither committed nor aborted
     * @throws NodeInterruptedException if a waiting node's thread is interrupted
     */
    default Claim claim(int lengthBytes) {
        return claim(lengthBytes, Parameters.EMPTY);
    }

    /** As {@link #claim(int)}, for a message with parameters. */
    Claim claim(int lengthBytes, Parameters parameters);

    /** As {@link #claim(int)} but never waits: null where the output is full or closed. */
    default @Nullable Claim tryClaim(int lengthBytes) {
        return tryClaim(lengthBytes, Parameters.EMPTY);
    }

    /** As {@link #tryClaim(int)}, for a message with parameters. */
    @Nullable Claim tryClaim(int lengthBytes, Parameters parameters);

    /** Sends a copy of what remains in {@code payload}, whose position stays where it is. Never waits. */
    SendResult offer(ByteBuffer payload);

    /**
     * Sends a copy of what remains in {@code payload}, whose position stays where it is. A {@link Node} waits for room.
     *
     * @return {@link SendResult#ACCEPTED} or {@link SendResult#CLOSED}
     * @throws NodeInterruptedException if a waiting node's thread is interrupted
     */
    SendResult send(ByteBuffer payload);

    /** As {@link #send(ByteBuffer)}; {@link SendResult#FULL} when a {@link Node} has waited for {@code timeout}. */
    SendResult send(ByteBuffer payload, Duration timeout);

    /** As {@link #send(ByteBuffer)}, for text in UTF-8. Allocates its bytes. */
    SendResult send(String text);

    /**
     * Sends a message on, received or retained, as it is: payload, format and parameters. A large payload that stands in memory of an output is not copied: it stays there,
     * and in that output's {@code payload_budget}, until the last who has it is done with it. Anything else is copied. A {@link Node} waits for room.
     *
     * @return {@link SendResult#ACCEPTED} or {@link SendResult#CLOSED}
     * @throws IllegalStateException if the message is no longer valid
     * @throws NodeInterruptedException if a waiting node's thread is interrupted
     */
    default SendResult send(Message message) {
        Claim claim = claim(message.length(), message.parameters());
        boolean leadsNowhere = isClosed();
        claim.buffer().put(claim.offset(), message.buffer(), message.offset(), message.length());
        claim.formatCode(message.formatCode()).commit();
        return leadsNowhere ? SendResult.CLOSED : SendResult.ACCEPTED;
    }

    /** Whether one more message would be taken now, if it is small, or there is memory for it. */
    boolean hasRoom();

    /** Whether nobody will ever receive what is sent here. */
    boolean isClosed();

    /** No more will be sent: consumers are told after the last message. A claim that is still open is given up. Idempotent. All outputs close when their node ends. */
    void close();
}
