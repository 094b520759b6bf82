/**
 * A yacht's log becomes a chart: {@code samples/marine/dataflow.yml}.
 *
 * <p>{@link io.millrace.samples.marine.Feed} and {@link io.millrace.samples.marine.Chart} read and write files, so they have loops of their own; {@link
 * io.millrace.samples.marine.Parser}, {@link io.millrace.samples.marine.Navigator} and {@link io.millrace.samples.marine.Lookout} only compute, so they are
 * operators. What goes between them are the records of this package, each with a {@code write} for its sender and a {@code read} for its receivers.
 */
@NullMarked
package io.millrace.samples.marine;

import org.jspecify.annotations.NullMarked;
