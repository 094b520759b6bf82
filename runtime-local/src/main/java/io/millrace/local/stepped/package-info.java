/**
 * A dataflow that is stepped by hand: one node at a time, in an order that a seed decides, by a clock that stands still meanwhile. {@code Stepper} is a crew, and steps the coordinator too; {@code
 * SteppedDataflow} is what others see of it.
 *
 * <p>All state belongs to the one thread that steps, and to the node's thread whose turn it is. Knows {@code local.run} and below.
 */
@NullMarked
package io.millrace.local.stepped;

import org.jspecify.annotations.NullMarked;
