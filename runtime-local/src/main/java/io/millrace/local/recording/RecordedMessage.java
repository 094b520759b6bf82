package io.millrace.local.recording;

import io.millrace.node.Message;
import java.time.Instant;

/**
 * A message of a recording.
 *
 * @param output the full name of the output that sent it
 * @param receivedAt when it was recorded; {@link Message#time()} is when it was sent
 * @param missing messages of this output between the one before and this one that are not in the recording
 * @param message as it was sent; valid until the reader goes on
 */
public record RecordedMessage(String output, Instant receivedAt, long missing, Message message) {}
