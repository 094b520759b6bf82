package io.millrace.samples.marine;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the reckoning: how far the boat came ({@link Track}), and how the wind blows over ground ({@link Wind}).
 *
 * <p>Position, course and wind come over three edges, so the course that belongs to a position or a wind is found by the log's time.
 */
public final class Navigator implements Operator {
    private final TimeJoin<Position, Course> positions = new TimeJoin<>(Position::timeMs, Course::timeMs, this::track);
    private final TimeJoin<ApparentWind, Course> winds =
            new TimeJoin<>(ApparentWind::timeMs, Course::timeMs, this::wind);

    private Output track;
    private Output wind;
    private @Nullable Position lastPosition;
    private double distanceMeters;

    @Override
    public void open(NodeContext context) {
        track = context.output("track");
        wind = context.output("wind");
    }

    @Override
    public void onInput(Input input, Message message) {
        switch (input.id()) {
            case "position" -> positions.sample(Position.read(message));
            case "wind" -> winds.sample(ApparentWind.read(message));
            case "course" -> onCourse(Course.read(message));
            default -> throw new IllegalStateException("nothing is known of an input '" + input.id() + "'");
        }
    }

    private void onCourse(Course course) {
        positions.reference(course);
        winds.reference(course);
    }

    private void track(Position position, @Nullable Course course) {
        if (lastPosition != null) {
            distanceMeters += GreatCircle.meters(lastPosition, position);
        }
        lastPosition = position;
        Track.write(
                track,
                position.timeMs(),
                position.latitude(),
                position.longitude(),
                distanceMeters,
                course == null ? Double.NaN : course.knots());
    }

    /** The wind triangle: what blows over ground is what is felt on board without what the boat's own motion adds from ahead. */
    private void wind(ApparentWind felt, @Nullable Course course) {
        double speed = course == null ? Double.NaN : course.knots();
        double ahead = felt.knots() * Math.cos(Math.toRadians(felt.degrees())) - speed;
        double abeam = felt.knots() * Math.sin(Math.toRadians(felt.degrees()));
        double trueDegrees = (Math.toDegrees(Math.atan2(abeam, ahead)) + 360) % 360;
        Wind.write(wind, felt.timeMs(), felt.degrees(), felt.knots(), trueDegrees, Math.hypot(ahead, abeam));
    }

    @Override
    public void onInputClosed(Input input) {
        if (input.id().equals("course")) {
            endOfCourses();
        }
    }

    @Override
    public void onStop() {
        endOfCourses();
    }

    private void endOfCourses() {
        positions.endOfReferences();
        winds.endOfReferences();
    }
}
