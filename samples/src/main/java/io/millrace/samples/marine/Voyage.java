package io.millrace.samples.marine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that the chart has been told. Figures count every message; what is drawn is bounded. */
final class Voyage {
    static final int TRACK_TIME = 0;
    static final int TRACK_LATITUDE = 1;
    static final int TRACK_LONGITUDE = 2;
    static final int TRACK_DISTANCE = 3;
    static final int TRACK_SPEED = 4;
    static final int TRACK_DEPTH = 5;

    private static final int MAX_DRAWN = 16_384;
    private static final int MAX_ALARMS_DRAWN = 2_000;

    private final Series track = new Series(6, MAX_DRAWN, TRACK_DISTANCE, Series.Keep.HIGHEST);
    private final Series depths = new Series(2, MAX_DRAWN, 1, Series.Keep.LOWEST);
    private final Series winds = new Series(3, MAX_DRAWN, 1, Series.Keep.HIGHEST);
    private final List<Alarm> alarms = new ArrayList<>();
    private final TimeJoin<Track, Depth> trackDepths = new TimeJoin<>(Track::timeMs, Depth::timeMs, this::drawTrack);

    private long positions;
    private double distanceMeters;
    private double depthMinMeters = Double.NaN;
    private double depthMaxMeters = Double.NaN;
    private double apparentWindMaxKnots = Double.NaN;
    private long alarmsRaised;
    private @Nullable Quality quality;
    private boolean complete = true;

    void onTrack(Track point) {
        positions++;
        distanceMeters = point.distanceMeters();
        trackDepths.sample(point);
    }

    private void drawTrack(Track point, @Nullable Depth depth) {
        if (point.timeMs() != LogTime.UNKNOWN) {
            track.add(
                    point.timeMs(),
                    point.latitude(),
                    point.longitude(),
                    point.distanceMeters(),
                    point.speedKnots(),
                    depth == null ? Double.NaN : depth.meters());
        }
    }

    void onDepth(Depth depth) {
        depthMinMeters = Double.isNaN(depthMinMeters) ? depth.meters() : Math.min(depthMinMeters, depth.meters());
        depthMaxMeters = Double.isNaN(depthMaxMeters) ? depth.meters() : Math.max(depthMaxMeters, depth.meters());
        trackDepths.reference(depth);
        if (depth.timeMs() != LogTime.UNKNOWN) {
            depths.add(depth.timeMs(), depth.meters());
        }
    }

    void onWind(Wind wind) {
        apparentWindMaxKnots = Double.isNaN(apparentWindMaxKnots)
                ? wind.apparentKnots()
                : Math.max(apparentWindMaxKnots, wind.apparentKnots());
        if (wind.timeMs() != LogTime.UNKNOWN) {
            winds.add(wind.timeMs(), wind.apparentKnots(), wind.trueKnots());
        }
    }

    void onAlarm(Alarm alarm) {
        alarmsRaised += alarm.raised() ? 1 : 0;
        if (alarm.timeMs() != LogTime.UNKNOWN && alarms.size() < MAX_ALARMS_DRAWN) {
            alarms.add(alarm);
        }
    }

    void onQuality(Quality said) {
        quality = said;
    }

    void onFailure() {
        complete = false;
    }

    /** No more messages come. */
    void end() {
        trackDepths.endOfReferences();
    }

    Summary summary() {
        Quality known = quality == null ? new Quality(0, 0, 0, 0, LogTime.UNKNOWN, LogTime.UNKNOWN, false) : quality;
        return new Summary(
                known.sentences(),
                known.badChecksums(),
                positions,
                distanceMeters,
                depthMinMeters,
                depthMaxMeters,
                apparentWindMaxKnots,
                alarmsRaised,
                known.firstMs(),
                known.lastMs(),
                complete && known.complete());
    }

    Series track() {
        return track;
    }

    Series depths() {
        return depths;
    }

    Series winds() {
        return winds;
    }

    /** Raised and cleared, in turn. */
    List<Alarm> alarms() {
        return alarms;
    }
}
