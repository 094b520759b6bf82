package io.millrace.samples.marine;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The chart as one HTML page that needs nothing else: the figures stand in it as text, the curves as data that its script draws. */
final class VoyagePage {
    private static final String TEMPLATE = "voyage.html";
    private static final Pattern SLOT = Pattern.compile("@([A-Z]+)@");
    private static final double METERS_PER_NAUTICAL_MILE = 1852;

    private final String title;
    private final Voyage voyage;
    private final Summary summary;

    VoyagePage(String title, Voyage voyage, Summary summary) {
        this.title = title;
        this.voyage = voyage;
        this.summary = summary;
    }

    String toHtml() throws IOException {
        Map<String, String> slots = Map.of(
                "TITLE", escaped(title),
                "SUBTITLE", escaped(subtitle()),
                "NOTICE", notice(),
                "TILES", tiles(),
                "DATA", data());
        return SLOT.matcher(template())
                .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), slot.group())));
    }

    private static String template() throws IOException {
        try (InputStream resource = VoyagePage.class.getResourceAsStream(TEMPLATE)) {
            if (resource == null) {
                throw new FileNotFoundException(
                        "the resource '" + TEMPLATE + "' is missing beside " + VoyagePage.class);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String subtitle() {
        if (summary.firstMs() == LogTime.UNKNOWN) {
            return "The log says no time.";
        }
        long minutes = Math.round((summary.lastMs() - summary.firstMs()) / 60_000.0);
        return LogTime.format(summary.firstMs()) + " to " + LogTime.format(summary.lastMs()) + " UTC, " + minutes / 60
                + " h " + minutes % 60 + " min";
    }

    private String notice() {
        return summary.complete()
                ? ""
                : "<p class=\"notice\">This chart is incomplete: a node of the dataflow failed before the log was at its end.</p>";
    }

    private String tiles() {
        List<String> tiles = List.of(
                tile(
                        "Distance",
                        decimal(summary.distanceMeters() / METERS_PER_NAUTICAL_MILE, 2),
                        "nm",
                        decimal(summary.distanceMeters() / 1000, 2) + " km"),
                tile(
                        "Least depth",
                        decimal(summary.depthMinMeters(), 2),
                        "m",
                        "greatest " + decimal(summary.depthMaxMeters(), 2) + " m"),
                tile(
                        "Strongest wind",
                        decimal(summary.apparentWindMaxKnots(), 1),
                        "kn",
                        "apparent, " + decimal(summary.apparentWindMaxKnots() * METERS_PER_NAUTICAL_MILE / 3600, 1)
                                + " m/s"),
                tile("Shallow water", count(summary.shallowAlarms()), "", "times the alarm was raised"),
                tile("Positions", count(summary.positions()), "", "valid"),
                tile(
                        "Sentences",
                        count(summary.sentences()),
                        "",
                        count(summary.badChecksums()) + " with a bad checksum"));
        return String.join("\n", tiles);
    }

    private static String tile(String name, String value, String unit, String detail) {
        return "<div class=\"tile\"><dt>" + name + "</dt><dd><span class=\"value\">" + value + "</span>"
                + (unit.isEmpty() ? "" : " <span class=\"unit\">" + unit + "</span>") + "<span class=\"detail\">"
                + detail
                + "</span></dd></div>";
    }

    private static String decimal(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : "\u2013";
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private String data() {
        Series track = voyage.track();
        Series depths = voyage.depths();
        Series winds = voyage.winds();
        return new Json()
                .put("trackTime", track, Voyage.TRACK_TIME, 0)
                .put("latitude", track, Voyage.TRACK_LATITUDE, 6)
                .put("longitude", track, Voyage.TRACK_LONGITUDE, 6)
                .put("distance", track, Voyage.TRACK_DISTANCE, 0)
                .put("speed", track, Voyage.TRACK_SPEED, 2)
                .put("trackDepth", track, Voyage.TRACK_DEPTH, 2)
                .put("depthTime", depths, 0, 0)
                .put("depth", depths, 1, 2)
                .put("windTime", winds, 0, 0)
                .put("apparentWind", winds, 1, 2)
                .put("trueWind", winds, 2, 2)
                .raw("alarms", alarms())
                .toString();
    }

    /** One array each: the time, 1 if raised or 0 if cleared, the depth and the limit. */
    private String alarms() {
        StringBuilder array = new StringBuilder("[");
        for (Alarm alarm : voyage.alarms()) {
            array.append(array.length() == 1 ? "[" : ",[")
                    .append(alarm.timeMs())
                    .append(alarm.raised() ? ",1," : ",0,")
                    .append(Json.number(alarm.meters(), 2))
                    .append(',')
                    .append(Json.number(alarm.limitMeters(), 2))
                    .append(']');
        }
        return array.append(']').toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
