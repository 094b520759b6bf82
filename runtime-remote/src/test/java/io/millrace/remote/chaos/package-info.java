/** Masters, executors and clients as processes that are killed, stopped and cut off while dataflows count; and what must hold then. {@code chaos/run} runs it. */
@NullMarked
package io.millrace.remote.chaos;

import org.jspecify.annotations.NullMarked;
