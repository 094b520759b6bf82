/** Pins threads to cores. The only place that knows JNA, which an application may leave out. */
@NullMarked
package io.millrace.local.affinity;

import org.jspecify.annotations.NullMarked;
