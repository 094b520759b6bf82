/**
 * The rules that say where a node runs and where its files are, as pure functions over what was written and over facts
 * about client and executor. Nothing in this package touches a file system, an environment or a clock.
 *
 * <p>{@link io.millrace.workdir.ClientRules} is for the process that loads a dataflow file,
 * {@link io.millrace.workdir.ExecutorRules} for the one that runs a node; {@link io.millrace.workdir.Row} is the table
 * that both read.
 */
@NullMarked
package io.millrace.workdir;

import org.jspecify.annotations.NullMarked;
