package io.millrace.samples.marine;

/**
 * The figures of a voyage. NaN and {@link LogTime#UNKNOWN} stand for what the log does not say.
 *
 * @param complete whether every node came to its end; only then are these the figures of the whole log
 */
record Summary(
        long sentences,
        long badChecksums,
        long positions,
        double distanceMeters,
        double depthMinMeters,
        double depthMaxMeters,
        double apparentWindMaxKnots,
        long shallowAlarms,
        long firstMs,
        long lastMs,
        boolean complete) {

    /** Millimetres and thousandths of a knot: far finer than any instrument, and free of the noise of binary fractions. */
    private static final int DECIMALS = 3;

    String toJson() {
        Json json = new Json()
                .put("sentences", sentences)
                .put("badChecksums", badChecksums)
                .put("positions", positions)
                .put("distanceMeters", distanceMeters, DECIMALS)
                .put("depthMinMeters", depthMinMeters, DECIMALS)
                .put("depthMaxMeters", depthMaxMeters, DECIMALS)
                .put("apparentWindMaxKnots", apparentWindMaxKnots, DECIMALS)
                .put("shallowAlarms", shallowAlarms);
        putTime(json, "firstTime", firstMs);
        putTime(json, "lastTime", lastMs);
        if (!complete) {
            json.put("complete", false);
        }
        return json.toString();
    }

    private static void putTime(Json json, String key, long timeMs) {
        if (timeMs == LogTime.UNKNOWN) {
            json.putNull(key);
        } else {
            json.put(key, LogTime.format(timeMs));
        }
    }
}
