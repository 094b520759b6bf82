package io.millrace.local.part;

import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.JobFacts;

/**
 * What decides where the files of a part's nodes are: the working-directory rules are applied to it.
 *
 * @param job names this start of the dataflow, its flow dir, whether the executor reads the same flow file there, and where the copies of shipped files are
 * @param executor of this machine; where a node's {@code env} names another PATH, commands are looked for there
 */
public record PartFiles(JobFacts job, ExecutorFacts executor) {}
