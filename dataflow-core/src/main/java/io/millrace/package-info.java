/** The door: {@link io.millrace.Dataflow} loads, builds, checks and starts dataflows. */
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
