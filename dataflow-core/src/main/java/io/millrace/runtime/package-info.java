/**
 * What an application is handed when a dataflow runs, and what a runtime provides.
 *
 * <p>Applications use {@link io.millrace.runtime.RunningDataflow} and what it gives out. {@link io.millrace.runtime.DataflowRuntime} and {@link
 * io.millrace.runtime.PreparedDataflow} are the service interface between the facade and the runtimes.
 */
@NullMarked
package io.millrace.runtime;

import org.jspecify.annotations.NullMarked;
