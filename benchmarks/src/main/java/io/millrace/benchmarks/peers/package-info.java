/** Millrace beside other ways from one thread to another, each in a JVM of its own, and one report. To run, not to depend on. */
@NullMarked
package io.millrace.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
