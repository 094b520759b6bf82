/** The shortest path to a first node. */
@NullMarked
package io.millrace.samples.hello;

import org.jspecify.annotations.NullMarked;
