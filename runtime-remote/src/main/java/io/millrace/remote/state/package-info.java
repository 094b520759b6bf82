/**
 * What masters agree on: executors, jobs, where their parts are and how far they have come. A pure state machine over the entries of a log: it reads no clock, starts no
 * thread, does no input or output, and makes the same of the same entries everywhere. It knows neither the log nor the network.
 */
@NullMarked
package io.millrace.remote.state;

import org.jspecify.annotations.NullMarked;
