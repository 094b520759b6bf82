/** Runs dataflows in this JVM. Applications need nothing from here: the facade finds the runtime by itself. */
@NullMarked
package io.millrace.local;

import org.jspecify.annotations.NullMarked;
