/**
 * A master: the state that masters agree on, on a log; the connections of executors and clients; leases. Everything but applying entries happens on one thread, {@code
 * millrace-master-NAME}.
 */
@NullMarked
package io.millrace.remote.master;

import org.jspecify.annotations.NullMarked;
