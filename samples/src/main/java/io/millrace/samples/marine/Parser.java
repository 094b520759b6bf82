package io.millrace.samples.marine;

import io.millrace.node.Config;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/**
 * Turns lines of NMEA 0183 into typed messages, each stamped with the log's time: {@link Position}, {@link Depth}, {@link ApparentWind}, {@link Course}, and one
 * {@link Quality} at the end.
 *
 * <p>A log may hold several instruments of a kind, so the sentences to be used are named by their whole addresses in {@code clock}, {@code position}, {@code
 * depth}, {@code wind} and {@code course}. What a sentence itself says is not valid is not sent on. Allocates nothing per line.
 */
public final class Parser implements Operator {
    /** What is beyond this in a line is not looked at. */
    private static final int MAX_LINE_BYTES = 4096;
    /** Autonomous, differential, float and fixed RTK, precise; not estimated, manual, simulated or invalid. */
    private static final String GOOD_MODES = "ADFRP";

    private final Sentence sentence = new Sentence();
    private final LogTime logTime = new LogTime();
    private final byte[] line = new byte[MAX_LINE_BYTES];

    private String clock;
    private String position;
    private String depth;
    private String wind;
    private String course;
    private Output positions;
    private Output depths;
    private Output winds;
    private Output courses;
    private Output quality;
    private long sentences;
    private long badChecksums;
    private long noiseLines;
    private long voidPositions;
    private boolean complete = true;

    @Override
    public void open(NodeContext context) {
        Config config = context.config();
        clock = config.text("clock", "GPZDA");
        position = config.text("position", "GPGLL");
        depth = config.text("depth", "IIDBT");
        wind = config.text("wind", "IIMWV");
        course = config.text("course", "IIVTG");
        positions = context.output("position");
        depths = context.output("depth");
        winds = context.output("wind");
        courses = context.output("course");
        quality = context.output("quality");
    }

    @Override
    public void onInput(Input input, Message message) {
        int length = Math.min(message.length(), line.length);
        message.getBytes(0, line, 0, length);
        long before = sentences;
        int from = 0;
        for (Sentence.Finding finding = sentence.find(line, from, length);
                finding != Sentence.Finding.NONE;
                finding = sentence.find(line, from, length)) {
            sentences++;
            if (finding == Sentence.Finding.DAMAGED) {
                badChecksums++;
            } else {
                onSentence();
            }
            from = sentence.end();
        }
        noiseLines += sentences == before ? 1 : 0;
    }

    private void onSentence() {
        if (sentence.is(clock)) {
            readTime();
        }
        if (sentence.is(position)) {
            onPosition();
        } else if (sentence.is(depth)) {
            onDepth();
        } else if (sentence.is(wind)) {
            onWind();
        } else if (sentence.is(course)) {
            onCourse();
        }
    }

    private void readTime() {
        int timeOfDayMs = sentence.timeOfDayMillis();
        if (timeOfDayMs >= 0) {
            logTime.update(timeOfDayMs);
        }
    }

    /** {@code GLL, ddmm.mm, N|S, dddmm.mm, E|W, hhmmss, status, mode}. */
    private void onPosition() {
        double latitude = degrees(1, 90, 'N', 'S');
        double longitude = degrees(3, 180, 'E', 'W');
        if (!sentence.isLetter(6, 'A') || !isGoodMode(7) || Double.isNaN(latitude) || Double.isNaN(longitude)) {
            voidPositions++;
            return;
        }
        // A fix carries its own time, which may differ from the clock sentence's by a second.
        readTime();
        Position.write(positions, logTime.now(), latitude, longitude);
    }

    private double degrees(int field, int limit, char positive, char negative) {
        double written = sentence.decimal(field);
        double whole = Math.floor(written / 100);
        double minutes = written - whole * 100;
        double degrees = whole + minutes / 60;
        if (!(written >= 0 && minutes < 60 && degrees <= limit)) {
            return Double.NaN;
        }
        return sentence.isLetter(field + 1, positive)
                ? degrees
                : sentence.isLetter(field + 1, negative) ? -degrees : Double.NaN;
    }

    /** Sentences of before version 2.3 have no mode. */
    private boolean isGoodMode(int field) {
        if (sentence.isEmpty(field)) {
            return true;
        }
        for (int i = 0; i < GOOD_MODES.length(); i++) {
            if (sentence.isLetter(field, GOOD_MODES.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** {@code DBT, feet, f, metres, M, fathoms, F}. */
    private void onDepth() {
        double meters = quantity(3, 'M', 1);
        meters = Double.isNaN(meters) ? quantity(1, 'f', 0.3048) : meters;
        meters = Double.isNaN(meters) ? quantity(5, 'F', 1.8288) : meters;
        if (meters >= 0) {
            Depth.write(depths, logTime.now(), meters);
        }
    }

    /** {@code MWV, angle, R|T, speed, unit, status}. */
    private void onWind() {
        double degrees = sentence.decimal(1);
        double knots = knots(3);
        if (sentence.isLetter(2, 'R') && sentence.isLetter(5, 'A') && degrees >= 0 && degrees <= 360 && knots >= 0) {
            ApparentWind.write(winds, logTime.now(), degrees, knots);
        }
    }

    /** {@code VTG, degrees, T, degrees, M, knots, N, km/h, K, mode}. */
    private void onCourse() {
        double knots = knots(5);
        knots = Double.isNaN(knots) ? knots(7) : knots;
        if (isGoodMode(9) && knots >= 0) {
            Course.write(courses, logTime.now(), quantity(1, 'T', 1), knots);
        }
    }

    /** A speed and its unit behind it. */
    private double knots(int field) {
        double knots = quantity(field, 'N', 1);
        knots = Double.isNaN(knots) ? quantity(field, 'K', 1 / 1.852) : knots;
        return Double.isNaN(knots) ? quantity(field, 'M', 3.6 / 1.852) : knots;
    }

    /** The field, if the one behind it says this unit; else NaN. */
    private double quantity(int field, char unit, double factor) {
        return sentence.isLetter(field + 1, unit) ? sentence.decimal(field) * factor : Double.NaN;
    }

    @Override
    public void onNodeFailed(NodeFailure failure) {
        complete = false;
    }

    @Override
    public void onAllInputsClosed() {
        sendQuality();
    }

    @Override
    public void onStop() {
        sendQuality();
    }

    private void sendQuality() {
        Quality.write(
                quality, sentences, badChecksums, noiseLines, voidPositions, logTime.first(), logTime.now(), complete);
    }
}
