/**
 * Wind and depth of a yacht's log become spectra, which a program in Python computes: {@code samples/mixed-languages/dataflow.yml}.
 *
 * <p>{@link io.millrace.samples.mixed.Resampler} sends blocks of doubles to it, {@link io.millrace.samples.mixed.SpectrumChart} takes what comes back. Both ends
 * speak of {@link io.millrace.samples.mixed.Block} and {@link io.millrace.samples.mixed.Spectrum}: their numbers are the payload, the rest are parameters.
 */
@NullMarked
package io.millrace.samples.mixed;

import org.jspecify.annotations.NullMarked;
