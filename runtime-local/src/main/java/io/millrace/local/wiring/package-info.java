/**
 * From a plan to nodes and edges: {@code Wiring} makes agents with their code and connects them, to each other, to the application's publishers, and at a part's {@code Boundary} to what is
 * elsewhere. Later it has one incarnation of a node follow another ({@code Succession}), and lets be counted what flows ({@code Statuses}, {@code MetricsReading}).
 *
 * <p>What was wired does not change but for the incarnation of each node, which the coordinator's thread replaces, and the rings of edges, which are changed by commands to the nodes at their ends; counters may be read by any
 * thread. Knows all that it puts together: {@code local.agent}, {@code local.logs}, {@code local.program}, {@code local.crew}, {@code local.plan} and {@code local.part}; not who decides what becomes of
 * it.
 */
@NullMarked
package io.millrace.local.wiring;

import org.jspecify.annotations.NullMarked;
