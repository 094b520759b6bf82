/**
 * What of a graph runs in one place, and where it meets the rest: what the owner of a part gives ({@code PartSpec}) and is told ({@code PartListener}), and the edges
 * between parts with their names, those of logs among them. Values, pure functions of the graph, and interfaces for the owner to implement; no state, no threads.
 *
 * <p>Knows the graph and the edges' rings ({@code local.edge}), and nothing of what runs. The cluster uses it as well.
 */
@NullMarked
package io.millrace.local.part;

import org.jspecify.annotations.NullMarked;
