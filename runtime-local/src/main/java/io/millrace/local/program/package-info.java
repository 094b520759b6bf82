/**
 * Nodes that are programs: each is a {@code ProcessNode}, a node with its own loop whose code is a conversation in dora's protocol with a child process, or with somebody who was started by
 * hand and knocks at the {@code DynamicDoor}. {@code ProgramHost} is what those of one dataflow share.
 *
 * <p>Sessions, sockets and feeds belong to the node's thread; the door and the host's table to any. Knows the node's incarnation ({@code local.agent}), what was prepared for it ({@code
 * local.plan}), where its prints go ({@code local.logs}), how its thread waits for edges and sockets at once ({@code local.waiting}), the protocol ({@code local.dora}) and processes ({@code
 * local.process}); not what is wired to it, nor what watches it.
 */
@NullMarked
package io.millrace.local.program;

import org.jspecify.annotations.NullMarked;
