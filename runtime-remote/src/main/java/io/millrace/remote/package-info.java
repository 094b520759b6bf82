/** The cluster's public doors: masters, executors, and the client that starts dataflows on them. */
@NullMarked
package io.millrace.remote;

import org.jspecify.annotations.NullMarked;
