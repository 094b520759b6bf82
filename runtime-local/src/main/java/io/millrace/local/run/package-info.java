/**
 * A dataflow that runs: started, watched, ended. {@code Coordinator} decides what becomes of the nodes, on a thread of its own to which others post; it begins the start ({@code Startup}), has nodes run again
 * ({@code NodeSupervisor}), looks for stuck ones ({@code HealthWatch}) and ends all ({@code Shutdown}). What has happened to each node is its {@code NodeLife}.
 *
 * <p>Others see a dataflow as {@code LocalDataflow}, with subscriptions and taps, whose readers have threads of their own; or as {@code LocalPart}, with {@code ApplicationEnds} and {@code Merging} for the application's side of
 * one whose nodes run in parts.
 *
 * <p>What the coordinator decides by belongs to its thread alone. Knows what it drives, {@code local.wiring} and below, and the flight recorder ({@code local.jfr}); not who has it stepped. Nothing here is used per message, but for the readers of the application.
 */
@NullMarked
package io.millrace.local.run;

import org.jspecify.annotations.NullMarked;
