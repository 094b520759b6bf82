/** What recording costs. */
@NullMarked
package io.millrace.benchmarks.recording;

import org.jspecify.annotations.NullMarked;
