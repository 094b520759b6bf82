/** A thread that does one thing after the other, now or at a time: what owns the state of an executor, a master, a client. */
@NullMarked
package io.millrace.remote.agenda;

import org.jspecify.annotations.NullMarked;
