package io.millrace.remote.cli.diagram;

/**
 * The distances of a layout.
 *
 * @param boxes between two boxes of one column
 * @param wires between two wires side by side, and between a wire and a box
 * @param channel between two columns, at least
 * @param lanePadding above and below the boxes of a lane
 * @param laneHeader above the boxes of a lane, for its name; 0 where lanes have none
 */
record Spacing(double boxes, double wires, double channel, double lanePadding, double laneHeader) {}
