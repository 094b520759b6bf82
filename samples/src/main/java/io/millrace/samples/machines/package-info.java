/**
 * A dataflow on two machines: {@code samples/multiple-machines/dataflow.yml}.
 *
 * <p>{@link io.millrace.samples.machines.RandomValues} on machine A feeds {@link io.millrace.samples.machines.Status} on machine B, and what that has to say goes
 * back to {@link io.millrace.samples.machines.StatusLog} on machine A. Each machine is left a file, in the node's working directory there.
 */
@NullMarked
package io.millrace.samples.machines;

import org.jspecify.annotations.NullMarked;
