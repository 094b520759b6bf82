/**
 * Who drives nodes: a thread each, or workers that several share. {@code ThreadPlan} decides which, {@code ThreadCrew} makes them, and a {@code Carrier} is what drives one incarnation. Another crew may
 * take their place.
 *
 * <p>The coordinator calls crews and carriers; a worker's queue takes places from any thread, and the rest of a worker belongs to its present shift. Turns are taken per batch, so {@code Worker}, {@code
 * Place} and {@code ReadyQueue} do without allocation, locks and logging there. Knows agents ({@code local.agent}), planned nodes ({@code local.plan}), waiting ({@code local.waiting}) and cores ({@code
 * local.affinity}); not edges.
 */
@NullMarked
package io.millrace.local.crew;

import org.jspecify.annotations.NullMarked;
