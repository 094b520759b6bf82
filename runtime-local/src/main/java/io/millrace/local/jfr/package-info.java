/** What a dataflow tells the JDK's Flight Recorder: the only user of {@code jdk.jfr}. Nothing here is called per message. */
@NullMarked
package io.millrace.local.jfr;

import org.jspecify.annotations.NullMarked;
