/**
 * From the text of a dataflow file to a validated graph.
 *
 * <p>The way leads over three forms: text, bounded and decoded ({@code DataflowText}); a tree of {@code Written} values with their
 * places in the text ({@code YamlTree}); and the descriptor, which is the tree read through the tables of {@code DataflowSchema}
 * ({@code Fields}). The translations turn a descriptor into a draft of a graph, which {@code io.millrace.graph} checks. This is the
 * only package that knows the YAML parser, and no object is ever made from what a tag in a file names.
 */
@NullMarked
package io.millrace.yaml;

import org.jspecify.annotations.NullMarked;
