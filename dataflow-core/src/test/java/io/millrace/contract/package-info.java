/**
 * The contract of dataflow behaviour, which every runtime keeps: one abstract class for each topic.
 *
 * <p>A runtime's tests extend each class and say how a dataflow is started. Nothing here knows which runtime that is: what runs is
 * {@link io.millrace.contract.nodes}, named in dataflow files, and what is seen is seen through {@link io.millrace.runtime.RunningDataflow}.
 */
package io.millrace.contract;
