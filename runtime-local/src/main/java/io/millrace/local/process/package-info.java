/**
 * Programs as child processes: what to start, under a supervisor that outlives this JVM by two seconds at the most. Knows nothing of
 * dataflows. Exported to the command line only.
 */
@NullMarked
package io.millrace.local.process;

import org.jspecify.annotations.NullMarked;
