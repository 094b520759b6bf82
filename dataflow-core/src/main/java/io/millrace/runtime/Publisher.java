package io.millrace.runtime;

import io.millrace.codec.Codec;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The application's end of {@code millrace/app/NAME}. Any thread, several at once: they take turns by a lock, which is held for one message at a time and never while anybody waits. Does
 * not allocate except for texts, parameters and what a codec says.
 *
 * <p>{@link SendResult#FULL} means that a consumer under backpressure has no room, or that there is no memory for a large payload until a consumer has released one. A payload larger than
 * {@value io.millrace.node.Output#MAX_PAYLOAD_BYTES} bytes, or than a consumer takes, is refused with an {@link IllegalArgumentException}.
 */
public interface Publisher extends AutoCloseable {

    String name();

    /** Sends a copy of what remains in {@code payload}, whose position stays where it is. Does not wait for room, only for the message that another thread is just writing. */
    SendResult offer(ByteBuffer payload);

    /** As {@link #offer(ByteBuffer)}, with parameters. */
    SendResult offer(ByteBuffer payload, Parameters parameters);

    /**
     * As {@link #offer(ByteBuffer)} but waits for room.
     *
     * @return {@link SendResult#FULL} when {@code timeout} has passed
     * @throws InterruptedException if the caller is interrupted while it waits
     */
    SendResult send(ByteBuffer payload, Duration timeout) throws InterruptedException;

    /** As {@link #send(ByteBuffer, Duration)}, for text in UTF-8. */
    SendResult send(String text, Duration timeout) throws InterruptedException;

    /**
     * As {@link #offer(ByteBuffer)}, for a value, which the codec writes in place.
     *
     * @throws IllegalArgumentException if the value cannot be written
     */
    <T> SendResult offer(Codec<T> codec, T value);

    /** As {@link #offer(Codec, Object)} but waits for room, like {@link #send(ByteBuffer, Duration)}. */
    <T> SendResult send(Codec<T> codec, T value, Duration timeout) throws InterruptedException;

    /** Closes the inputs that it feeds, after their last message. Threads that wait in {@code send} return. Idempotent; does not wait for room. */
    @Override
    void close();
}
