package io.millrace.remote.cli.diagram;

/**
 * From a port at the right side of one box to a port at the left side of another, or of the same.
 *
 * @param from index of the box
 * @param fromY of the port, from the top of its box
 * @param to index of the box
 * @param toY of the port, from the top of its box
 */
record Wire(int from, double fromY, int to, double toY) {}
