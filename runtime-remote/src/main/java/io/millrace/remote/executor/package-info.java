/** An executor: what it is to do it learns from the leading master, runs it on the local runtime, links it with what runs elsewhere, and reports. */
@NullMarked
package io.millrace.remote.executor;

import org.jspecify.annotations.NullMarked;
