package io.millrace.local.logs;

import io.millrace.local.agent.SharedOutput;
import io.millrace.node.Clock;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;

/**
 * An output that log records go to, from whichever thread logs: what {@code send_logs_as} names, or the source of one {@code dora/logs} input; or that the lines of a
 * program go to, which {@code send_stdout_as} names. Nobody waits for room in it.
 */
public final class LogSink extends SharedOutput {

    LogSink(String id, String name, Clock clock) {
        super(id, name, clock, () -> {}, false);
    }

    /** Any thread. FULL if a consumer that wants every record has had no room for it, and so has missed it. */
    SendResult offer(ByteBuffer json) {
        return offer(json, PayloadFormat.JSON);
    }

    /** As {@link #offer(ByteBuffer)}, for what is no record. */
    SendResult offer(ByteBuffer payload, PayloadFormat format) {
        return offerWhereRoom(payload, format);
    }
}
