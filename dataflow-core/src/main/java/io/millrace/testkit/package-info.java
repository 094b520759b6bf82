/**
 * For tests of operators and nodes: inputs are fed, a clock is stepped by hand, outputs are read. No threads, no sleeps, no runtime.
 *
 * <p>{@link io.millrace.testkit.NodeHarness} is the door. It keeps to the rules that every runtime keeps to, and finds out where the code under test does not.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
