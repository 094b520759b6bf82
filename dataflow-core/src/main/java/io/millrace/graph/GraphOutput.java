package io.millrace.graph;

import java.util.Optional;

/**
 * One output of a node or operator.
 *
 * @param type the type that the output declares, if any
 */
public record GraphOutput(String id, Optional<String> type, Location location) {}
