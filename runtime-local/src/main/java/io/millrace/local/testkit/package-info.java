/**
 * For tests of whole dataflows: inputs are fed, a clock is moved by hand, outputs are read, and one node runs at a time, in an order that can be had again.
 *
 * <p>{@link io.millrace.local.testkit.GraphHarness} is the door. For one operator or node alone there is {@link io.millrace.testkit.NodeHarness}.
 */
@NullMarked
package io.millrace.local.testkit;

import org.jspecify.annotations.NullMarked;
