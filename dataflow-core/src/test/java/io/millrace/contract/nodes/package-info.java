/**
 * The nodes of the contract: public classes that a dataflow file names, configured by its {@code config} alone.
 *
 * <p>They share nothing with a test but the dataflow: what a test wants done it publishes, and what a node has seen it sends.
 */
@NullMarked
package io.millrace.contract.nodes;

import org.jspecify.annotations.NullMarked;
