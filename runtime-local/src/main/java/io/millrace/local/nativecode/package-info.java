/**
 * Operators that are shared libraries behind dora's C interface, run in this JVM through Java's foreign function API. That API is reached by method handles, so this compiles
 * and loads on every Java that runs us; {@link io.millrace.local.nativecode.NativeSupport} says whether it is there.
 */
@NullMarked
package io.millrace.local.nativecode;

import org.jspecify.annotations.NullMarked;
