/**
 * From graph to plan to running agents: one thread a node, started, stopped and watched by a coordinator.
 *
 * <p>Begin with {@code Plan}, what is going to run; {@code Wiring}, the nodes and edges made of it; {@code Coordinator}, what decides what becomes of them; and {@code
 * NodeAgent}, the life of a node on its thread.
 *
 * <p>Hot are {@code OutputPort}, {@code Consumers}, {@code InputPort}, {@code InputBatch}, {@code RecordQueue}, {@code OperatorSlot}, {@code ReactiveLoop} and {@code
 * OwnLoop}: per message, so without allocation, locks or logging. The rest starts, stops and reports.
 */
@NullMarked
package io.millrace.local.run;

import org.jspecify.annotations.NullMarked;
