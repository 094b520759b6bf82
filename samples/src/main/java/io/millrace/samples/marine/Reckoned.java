package io.millrace.samples.marine;

import java.nio.ByteBuffer;

/**
 * A position, and how far the boat had come there.
 *
 * @param distanceMeters from the first position to this one
 */
record Reckoned(Position position, double distanceMeters) {
    /** Bytes of one in a checkpoint. */
    static final int LENGTH = 32;

    long timeMs() {
        return position.timeMs();
    }

    void write(ByteBuffer state) {
        state.putLong(position.timeMs());
        state.putDouble(position.latitude());
        state.putDouble(position.longitude());
        state.putDouble(distanceMeters);
    }

    static Reckoned read(ByteBuffer state) {
        Position position = new Position(state.getLong(), state.getDouble(), state.getDouble());
        return new Reckoned(position, state.getDouble());
    }
}
