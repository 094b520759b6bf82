/** What a message costs between two JVMs: links between executors beside the same transport by hand. */
@NullMarked
package io.millrace.benchmarks.links;

import org.jspecify.annotations.NullMarked;
