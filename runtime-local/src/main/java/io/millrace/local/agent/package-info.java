/**
 * One incarnation of a node, on the thread that drives it: its life, its ports, and the loop around its code. Begin with {@code NodeAgent}, whose steps others call; its code is a {@code
 * ReactiveLoop} of operators or an {@code OwnLoop}.
 *
 * <p>An output is {@code OutputPort}, what authors call; {@code OutputClaim}, the message that is being written; {@code WayFinder}, where it goes if not where the one before went; and {@code
 * Outlet}, who receives it. A node's incarnation is {@code NodeAgent} with {@code NodeSending}, its thread as the outputs see it; {@code NodeTime}, the time and the timestamps; {@code NodeWaits}, how
 * it waits; {@code NodeOrders}, what others have it do; and {@code NodeFault}.
 *
 * <p>All state belongs to the driving thread, but for what a class says otherwise: orders, which any thread posts, counters, which any thread reads, and what is retained. Ports
 * come connected or unconnected; who connects them, and drives the agent, is above and unknown here. Below are {@code local.edge}, {@code local.pool}, {@code local.waiting} and {@code
 * local.code}; {@code AgentContext}, what the node's code sees of all this, hands checkpoints ({@code local.state}) and the prints of a process of the node's own ({@code local.isolated}, {@code
 * local.process}) on as well.
 *
 * <p>Hot are {@code OutputClaim}, {@code OutputPort}, {@code WayFinder}, {@code Consumers}, {@code NodeSending}, {@code NodeTime}, {@code InputPort}, {@code InputBatch}, {@code RecordQueue}, {@code
 * OperatorSlot}, {@code ReactiveLoop} and {@code OwnLoop}: per message, so without allocation, locks or logging.
 */
@NullMarked
package io.millrace.local.agent;

import org.jspecify.annotations.NullMarked;
