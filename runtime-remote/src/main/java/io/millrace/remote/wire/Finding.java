package io.millrace.remote.wire;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;

/**
 * A problem that an executor found.
 *
 * @param machineId empty where it was found by nobody in particular
 */
public record Finding(String machineId, Problem.Severity severity, Location location, String text) {}
