package io.millrace.benchmarks.recording;

/**
 * How fast a queue was written.
 *
 * @param processorNs of the writing thread for each message, which other programs disturb less than the rate
 */
record Written(double messagesASecond, double processorNs) {}
