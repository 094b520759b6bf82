/** Nodes of the tests of a cluster in one JVM: they write what becomes of them into a {@link io.millrace.remote.nodes.Diary}. */
@NullMarked
package io.millrace.remote.nodes;

import org.jspecify.annotations.NullMarked;
