/** Hours of everything at once: that nothing grows and every message is accounted for. To run, not to depend on. */
@NullMarked
package io.millrace.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
