package io.millrace.samples.marine;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the reckoning: how far the boat came ({@link Track}), and how the wind blows over ground ({@link Wind}).
 *
 * <p>Position, course and wind come over three edges, so the course that belongs to a position or a wind is found by the log's time.
 *
 * <p>Where it is started again in the middle of a voyage, it goes on from its checkpoint: the last position with its distance, behind those that still wait for
 * their course. A new run reads the log from its beginning, so there what an earlier one has left does not count.
 */
public final class Navigator implements Operator {
    private final TimeJoin<Reckoned, Course> positions = new TimeJoin<>(Reckoned::timeMs, Course::timeMs, this::track);
    private final TimeJoin<ApparentWind, Course> winds =
            new TimeJoin<>(ApparentWind::timeMs, Course::timeMs, this::wind);

    private final ByteBuffer state =
            ByteBuffer.allocate((TimeJoin.MAX_WAITING + 2) * Reckoned.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private NodeContext context;
    private Output track;
    private Output wind;
    private @Nullable Reckoned last;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        track = context.output("track");
        wind = context.output("wind");
        if (context.incarnation() > 0) {
            context.restored().ifPresent(this::restore);
        }
    }

    private void restore(ByteBuffer left) {
        last = Reckoned.read(left);
        while (left.hasRemaining()) {
            positions.sample(Reckoned.read(left));
        }
    }

    private void checkpoint(Reckoned reckoned) {
        state.clear();
        reckoned.write(state);
        positions.waiting().forEach(waiting -> waiting.write(state));
        context.checkpoint(state.flip());
    }

    @Override
    public void onInput(Input input, Message message) {
        switch (input.id()) {
            case "position" -> onPosition(Position.read(message));
            case "wind" -> winds.sample(ApparentWind.read(message));
            case "course" -> onCourse(Course.read(message));
            default -> throw new IllegalStateException("nothing is known of an input '" + input.id() + "'");
        }
    }

    private void onPosition(Position position) {
        double distanceMeters =
                last == null ? 0 : last.distanceMeters() + GreatCircle.meters(last.position(), position);
        Reckoned reckoned = new Reckoned(position, distanceMeters);
        last = reckoned;
        positions.sample(reckoned);
        checkpoint(reckoned);
    }

    private void onCourse(Course course) {
        positions.reference(course);
        winds.reference(course);
        if (last != null) {
            checkpoint(last);
        }
    }

    private void track(Reckoned reckoned, @Nullable Course course) {
        Position position = reckoned.position();
        Track.write(
                track,
                position.timeMs(),
                position.latitude(),
                position.longitude(),
                reckoned.distanceMeters(),
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
