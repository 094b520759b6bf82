/**
 * The replicated log on Apache Ratis: the only package that knows it.
 *
 * <p>Ratis speaks of every step through slf4j. An application that does not want to read that sets the loggers {@code org.apache.ratis}
 * to {@code OFF}: what matters is said by {@code io.millrace.remote.raft}, in one line each.
 */
@NullMarked
package io.millrace.remote.raft;

import org.jspecify.annotations.NullMarked;
