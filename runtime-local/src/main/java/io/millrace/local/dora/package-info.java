/**
 * The protocol between a node of dora 1.x and who runs it, as pure code: bytes to values and back, no threads and no sockets. Both ends use it: the runtime, which serves
 * programs, and a Java node in a process of its own. Facts and their evidence are in docs/dora-protocol.md.
 */
@NullMarked
package io.millrace.local.dora;

import org.jspecify.annotations.NullMarked;
