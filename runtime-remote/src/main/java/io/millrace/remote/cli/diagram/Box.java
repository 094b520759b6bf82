package io.millrace.remote.cli.diagram;

/**
 * Something to be placed: its size, and what binds its place.
 *
 * @param lead room kept free at its left, for what stands before its inputs
 * @param lane the horizontal band that it stays in, from 0 at the top
 */
record Box(double width, double height, double lead, int lane, Pin pin) {

    /** Which column a box must be in. */
    enum Pin {
        FREE,
        /** The first column, alone with its like: the left border of a node. */
        FIRST,
        /** The last column, alone with its like: the right border of a node. */
        LAST
    }
}
