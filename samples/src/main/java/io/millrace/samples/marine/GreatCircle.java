package io.millrace.samples.marine;

/** Distances on a sphere of the earth's mean radius. */
final class GreatCircle {
    private static final double EARTH_RADIUS_METERS = 6_371_008.8;

    private GreatCircle() {}

    /** By the haversine formula, which is exact for small distances too. */
    static double meters(Position from, Position to) {
        double latitude1 = Math.toRadians(from.latitude());
        double latitude2 = Math.toRadians(to.latitude());
        double sinHalfLatitude = Math.sin((latitude2 - latitude1) / 2);
        double sinHalfLongitude = Math.sin(Math.toRadians(to.longitude() - from.longitude()) / 2);
        double haversine = sinHalfLatitude * sinHalfLatitude
                + Math.cos(latitude1) * Math.cos(latitude2) * sinHalfLongitude * sinHalfLongitude;
        return 2 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(Math.min(1, haversine)));
    }
}
