/** That the samples run, and that the documents quote them truly. */
@NullMarked
package io.millrace.samples;

import org.jspecify.annotations.NullMarked;
