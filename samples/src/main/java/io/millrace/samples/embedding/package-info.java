/** A dataflow inside an ordinary application. */
@NullMarked
package io.millrace.samples.embedding;

import org.jspecify.annotations.NullMarked;
