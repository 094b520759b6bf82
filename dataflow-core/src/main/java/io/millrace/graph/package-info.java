/**
 * What is true: the immutable, validated dataflow with its nodes, inputs, outputs and edges.
 *
 * <p>Nothing here reads a file, starts a thread or knows YAML. A graph is made by {@link io.millrace.graph.GraphAssembler} from
 * node definitions, whether these were written in YAML or in code.
 */
@NullMarked
package io.millrace.graph;

import org.jspecify.annotations.NullMarked;
