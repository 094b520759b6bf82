/** Figures as text for collectors. */
@NullMarked
package io.millrace.remote.metrics;

import org.jspecify.annotations.NullMarked;
