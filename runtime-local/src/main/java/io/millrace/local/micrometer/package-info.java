/** A dataflow's counters and times as meters of Micrometer: for applications that have it. Nothing else of Millrace needs it. */
@NullMarked
package io.millrace.local.micrometer;

import org.jspecify.annotations.NullMarked;
