package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Spacing SPACING = new Spacing(20, 12, 50, 16, 20);
    private static final double TENTH = 0.11;

    /** Random graphs of 1 to 40 boxes, on up to three lanes, with cycles and boxes that feed themselves. */
    @RepeatedTest(60)
    void shouldBeDrawableWhenAGraphIsRandom(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Box> boxes = new ArrayList<>();
        int lanes = 1 + random.nextInt(3);
        for (int i = 0, count = 1 + random.nextInt(40); i < count; i++) {
            int lane = i < lanes ? i : random.nextInt(lanes);
            boxes.add(new Box(
                    60 + random.nextInt(150), 40 + random.nextInt(120), random.nextInt(80), lane, Box.Pin.FREE));
        }
        List<Wire> wires = IntStream.range(0, random.nextInt(2 * boxes.size() + 1))
                .mapToObj(i -> {
                    int from = random.nextInt(boxes.size());
                    int to = random.nextInt(boxes.size());
                    return new Wire(from, random.nextInt((int) boxes.get(from).height()), to, random.nextInt((int)
                            boxes.get(to).height()));
                })
                .toList();

        Layout layout = Layout.of(boxes, wires, SPACING);

        boxesStayApart(boxes, layout);
        boxesStayInTheirLanes(boxes, layout);
        wiresJoinTheirPorts(boxes, wires, layout);
        wiresKeepOffBoxes(boxes, wires, layout);
    }

    private static void boxesStayApart(List<Box> boxes, Layout layout) {
        for (int a = 0; a < boxes.size(); a++) {
            for (int b = a + 1; b < boxes.size(); b++) {
                Layout.Spot first = layout.spots().get(a);
                Layout.Spot second = layout.spots().get(b);
                boolean sideBySide = first.x() + boxes.get(a).width()
                                <= second.x() - boxes.get(b).lead()
                        || second.x() + boxes.get(b).width()
                                <= first.x() - boxes.get(a).lead();
                boolean stacked = first.y() + boxes.get(a).height() + SPACING.wires() <= second.y() + TENTH
                        || second.y() + boxes.get(b).height() + SPACING.wires() <= first.y() + TENTH;
                assertThat(sideBySide || stacked).as("boxes %d and %d", a, b).isTrue();
            }
        }
    }

    private static void boxesStayInTheirLanes(List<Box> boxes, Layout layout) {
        for (int i = 0; i < boxes.size(); i++) {
            Layout.Spot spot = layout.spots().get(i);
            Layout.Band band = layout.bands().get(boxes.get(i).lane());
            assertThat(spot.x()).isBetween(boxes.get(i).lead() - TENTH, layout.width());
            assertThat(spot.x() + boxes.get(i).width()).isLessThanOrEqualTo(layout.width() + TENTH);
            assertThat(spot.y()).isGreaterThanOrEqualTo(band.top() + SPACING.laneHeader());
            assertThat(spot.y() + boxes.get(i).height()).isLessThanOrEqualTo(band.top() + band.height());
        }
    }

    private static void wiresJoinTheirPorts(List<Box> boxes, List<Wire> wires, Layout layout) {
        for (int i = 0; i < wires.size(); i++) {
            Wire wire = wires.get(i);
            List<double[]> way = way(layout.routes().get(i));
            Layout.Spot from = layout.spots().get(wire.from());
            Layout.Spot to = layout.spots().get(wire.to());
            double[] last = way.get(way.size() - 1);
            assertThat(way.get(0)[0])
                    .isCloseTo(from.x() + boxes.get(wire.from()).width(), within());
            assertThat(way.get(0)[1]).isCloseTo(from.y() + wire.fromY(), within());
            assertThat(last[0]).isCloseTo(to.x(), within());
            // A step of less than half a pixel is left out.
            assertThat(last[1]).isCloseTo(to.y() + wire.toY(), Offset.offset(0.6));
        }
    }

    private static void wiresKeepOffBoxes(List<Box> boxes, List<Wire> wires, Layout layout) {
        for (int i = 0; i < wires.size(); i++) {
            for (double[] point : way(layout.routes().get(i))) {
                for (int box = 0; box < boxes.size(); box++) {
                    Layout.Spot spot = layout.spots().get(box);
                    boolean inside = point[0] > spot.x() + TENTH
                            && point[0] < spot.x() + boxes.get(box).width() - TENTH
                            && point[1] > spot.y() + TENTH
                            && point[1] < spot.y() + boxes.get(box).height() - TENTH;
                    assertThat(inside)
                            .as("wire %s in box %d", wires.get(i), box)
                            .isFalse();
                }
            }
        }
    }

    private static Offset<Double> within() {
        return Offset.offset(TENTH);
    }

    /** Points along a path of M, H and C commands: ends of stretches, the middle of level ones, and five points of each curve. */
    private static List<double[]> way(Route route) {
        List<double[]> points = new ArrayList<>();
        Matcher command = Pattern.compile("([MHC])([-0-9., ]+)").matcher(route.pathText());
        double x = 0;
        double y = 0;
        while (command.find()) {
            double[] n = Arrays.stream(command.group(2).trim().split("[, ]+", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (command.group(1).equals("C")) {
                for (double t = 0.2; t < 0.9; t += 0.2) {
                    points.add(new double[] {bezier(t, x, n[0], n[2], n[4]), bezier(t, y, n[1], n[3], n[5])});
                }
            } else if (command.group(1).equals("H")) {
                points.add(new double[] {(x + n[0]) / 2, y});
            }
            x = command.group(1).equals("C") ? n[4] : n[0];
            y = command.group(1).equals("C") ? n[5] : command.group(1).equals("M") ? n[1] : y;
            points.add(new double[] {x, y});
        }
        return points;
    }

    private static double bezier(double t, double a, double b, double c, double d) {
        double u = 1 - t;
        return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
    }

    @Test
    void shouldBeLevelWhenBoxesFormAChain() {
        List<Box> boxes = IntStream.range(0, 10)
                .mapToObj(i -> new Box(100, 40 + 10 * i, 0, 0, Box.Pin.FREE))
                .toList();
        List<Wire> wires =
                IntStream.range(1, 10).mapToObj(i -> new Wire(i - 1, 20, i, 20)).toList();

        Layout layout = Layout.of(boxes, wires, SPACING);

        assertThat(layout.routes())
                .allSatisfy(route -> assertThat(route.pathText()).matches("M[0-9.]+,[0-9.]+H[0-9.]+"));
    }

    @Test
    void shouldCrossNothingWhenThatIsPossible() {
        List<Box> boxes = IntStream.range(0, 12)
                .mapToObj(i -> new Box(100, 40, 0, 0, Box.Pin.FREE))
                .toList();
        // Six wires from the left column to the right one, upside down as written.
        List<Wire> wires =
                IntStream.range(0, 6).mapToObj(i -> new Wire(i, 20, 11 - i, 20)).toList();

        Layout layout = Layout.of(boxes, wires, SPACING);

        for (Wire wire : wires) {
            assertThat(layout.spots().get(wire.from()).y())
                    .isEqualTo(layout.spots().get(wire.to()).y());
        }
    }

    @Test
    void shouldRefuseWhenWiresWouldPassTooManyBoxes() {
        int count = 600;
        List<Box> boxes = IntStream.range(0, count)
                .mapToObj(i -> new Box(100, 40, 0, 0, Box.Pin.FREE))
                .toList();
        List<Wire> wires = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            wires.add(new Wire(i - 1, 20, i, 20));
            wires.add(new Wire(0, 30, i, 30));
        }

        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> Layout.of(boxes, wires, SPACING))
                .withMessageContaining("too tangled")
                .withMessageContaining("100000");
    }

    @Test
    void shouldBeEmptyWhenThereIsNothing() {
        Layout layout = Layout.of(List.of(), List.of(), SPACING);

        assertThat(layout.spots()).isEmpty();
        assertThat(layout.width()).isZero();
    }
}
