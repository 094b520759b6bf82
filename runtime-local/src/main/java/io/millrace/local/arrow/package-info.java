/**
 * Tables and columns of Apache Arrow. Optional: needs {@code arrow-vector} and one of Arrow's memory libraries, with the JVM flag that they ask for; Arrow's
 * types are seen here and nowhere else. Without them nothing of this package may be used, and nothing else is missing.
 */
@NullMarked
package io.millrace.local.arrow;

import org.jspecify.annotations.NullMarked;
