/**
 * Clusters for tests: {@link io.millrace.remote.testkit.TestCluster} has masters, executors and a client in one JVM, {@link io.millrace.remote.testkit.FaultyNetwork} lies
 * between members wherever they run.
 */
@NullMarked
package io.millrace.remote.testkit;

import org.jspecify.annotations.NullMarked;
