package io.millrace.local.part;

import java.time.Instant;
import org.slf4j.event.Level;

/**
 * What a node of a part has logged, or a program has printed, as people read it.
 *
 * @param part the node's id, with the operator's where it was one
 * @param text of several lines where something was thrown; bounded
 */
public record LogLine(Instant time, String part, Level level, String text) {}
