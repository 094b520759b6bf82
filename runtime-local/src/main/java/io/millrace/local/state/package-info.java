/** What the incarnations of a node leave to the next, in memory and on disk. */
@NullMarked
package io.millrace.local.state;

import org.jspecify.annotations.NullMarked;
