/**
 * Connections between masters, executors and clients: the only code that knows Netty. Control connections carry whole messages, links carry the edges between
 * executors; both begin with the same hello and have the same security.
 */
@NullMarked
package io.millrace.remote.link;

import org.jspecify.annotations.NullMarked;
