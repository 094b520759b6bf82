/**
 * Writes what outputs send to Chronicle Queue, reads it back, and feeds it into dataflows again. The only package that knows Chronicle; nothing here is used
 * by a dataflow that is not recorded.
 *
 * <p>Public API: {@code Recorder}, {@code Recording}, {@code Replay} and what they take and give. Hot is the way of a message through {@code Recorder} and {@code
 * RecordingWriter}.
 */
@NullMarked
package io.millrace.local.recording;

import org.jspecify.annotations.NullMarked;
