/** Edges between executors of one host over memory that both have mapped: the files, and what the two ends tell each other over their link. */
@NullMarked
package io.millrace.remote.shared;

import org.jspecify.annotations.NullMarked;
