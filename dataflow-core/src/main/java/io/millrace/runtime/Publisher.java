package io.millrace.runtime;

import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The application's end of {@code millrace/app/NAME}. Any thread, several at once. Does not allocate except for texts and parameters. */
public interface Publisher extends AutoCloseable {

    String name();

    /** Sends a copy of what remains in {@code payload}, whose position stays where it is. Does not wait for room. */
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

    /** Closes the inputs that it feeds, after their last message. Threads that wait in {@code send} return. Idempotent; does not wait for room. */
    @Override
    void close();
}
