/** The log that the masters replicate: what one of them appends, all of them apply, in one order; and a form of it in memory. */
@NullMarked
package io.millrace.remote.log;

import org.jspecify.annotations.NullMarked;
