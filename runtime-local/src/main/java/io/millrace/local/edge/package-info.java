/**
 * An edge's two halves, writer and reader, and the rings between them. Hot: everything here but {@link io.millrace.local.edge.Edge} and
 * {@link io.millrace.local.edge.RingChoice} runs per message.
 *
 * <p>Both halves carry records of {@code io.millrace.layout.RecordLayout} without looking inside.
 */
@NullMarked
package io.millrace.local.edge;

import org.jspecify.annotations.NullMarked;
