/** The connection of executors and clients to whichever master leads. */
@NullMarked
package io.millrace.remote.line;

import org.jspecify.annotations.NullMarked;
