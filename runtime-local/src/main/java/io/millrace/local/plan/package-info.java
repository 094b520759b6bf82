/**
 * From a graph to what is going to run: {@code Preparation} finds files, directories, classes and programs, or says at once everything that is missing, and makes a {@code Plan} of
 * them. A plan does not change; it owns class loaders, directories and checkpoints, which whoever takes it gives back by closing it.
 *
 * <p>All of it may block on the file system, and none of it runs a node. Knows parts ({@code local.part}), where code comes from ({@code local.code}, {@code local.isolated}, {@code
 * local.nativecode}, {@code local.process}), which cores there are ({@code local.affinity}) and where state is kept ({@code local.state}); not what becomes of a plan.
 */
@NullMarked
package io.millrace.local.plan;

import org.jspecify.annotations.NullMarked;
