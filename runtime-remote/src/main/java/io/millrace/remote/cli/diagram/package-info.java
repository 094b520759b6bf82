/**
 * A graph as a picture: Mermaid text, or one self-contained HTML page with a layout of our own.
 *
 * <p>Pure functions of a {@link io.millrace.graph.Graph}: no file, no network, no clock. Every text that comes from a dataflow is escaped on its way out.
 */
@NullMarked
package io.millrace.remote.cli.diagram;

import org.jspecify.annotations.NullMarked;
