/** What a message costs through the public API, beside the same over a bare ring. To run, not to depend on. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
