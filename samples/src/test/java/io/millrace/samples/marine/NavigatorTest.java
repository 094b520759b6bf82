package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.testkit.NodeHarness;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NavigatorTest {
    private static final Offset<Double> FINE = within(1e-6);

    private final NodeHarness navigator = NodeHarness.of(new Navigator())
            .input("position")
            .input("course")
            .input("wind")
            .output("track")
            .output("wind")
            .open();

    @Test
    void shouldAddUpGreatCirclesWhenTheBoatMoves() {
        position(0, 60, 20);
        position(1000, 60.5, 20);
        position(2000, 60.5, 21);
        closeInputs();

        List<Track> track = navigator.sent("track", Track::read);
        double halfDegree = 6_371_008.8 * Math.PI / 360;
        assertThat(track).extracting(Track::timeMs).containsExactly(0L, 1000L, 2000L);
        assertThat(track.get(0).distanceMeters()).isZero();
        assertThat(track.get(1).distanceMeters()).isCloseTo(halfDegree, FINE);
        // A degree of longitude at 60.5 north, by the law of cosines.
        double cos = Math.cos(Math.toRadians(60.5));
        double sin = Math.sin(Math.toRadians(60.5));
        double degree = 6_371_008.8 * Math.acos(sin * sin + cos * cos * Math.cos(Math.toRadians(1)));
        assertThat(track.get(2).distanceMeters() - track.get(1).distanceMeters())
                .isCloseTo(degree, within(1e-3));
    }

    @Test
    void shouldNotGoRoundTheWorldWhenTheBoatCrossesTheDateLine() {
        position(0, 0, 179.99);
        position(1000, 0, -179.99);
        closeInputs();

        double fiftiethOfADegree = 6_371_008.8 * Math.PI / 180 / 50;
        assertThat(navigator.sent("track", Track::read).get(1).distanceMeters())
                .isCloseTo(fiftiethOfADegree, within(1e-3));
    }

    @Test
    void shouldJoinByTheLogsTimeWhenTheCourseArrivesLater() {
        position(1000, 60, 20);
        position(3000, 60, 20);
        assertThat(navigator.sent("track"))
                .as("the course at that time may still come")
                .isEmpty();

        course(500, 5);
        course(1000, 6);
        assertThat(navigator.sent("track")).isEmpty();
        course(2000, 7);
        assertThat(navigator.sent("track")).hasSize(1);
        course(4000, 8);

        assertThat(navigator.sent("track", Track::read))
                .extracting(Track::speedKnots)
                .containsExactly(6.0, 7.0);
    }

    @Test
    void shouldJoinByTheLogsTimeWhenTheCourseArrivesEarlier() {
        course(500, 5);
        course(1000, 6);
        course(2000, 7);
        course(4000, 8);

        position(1000, 60, 20);
        position(3000, 60, 20);

        assertThat(navigator.sent("track", Track::read))
                .extracting(Track::speedKnots)
                .containsExactly(6.0, 7.0);
    }

    @ParameterizedTest
    @CsvSource({
        // felt from, felt, speed: from, over ground
        "0, 10, 4, 0, 6",
        "180, 10, 4, 180, 14",
        "90, 3, 4, 143.13010235415598, 5",
        "270, 3, 4, 216.86989764584402, 5",
        "45, 0, 0, 0, 0",
        "338, 13.41, 0, 338, 13.41"
    })
    void shouldSolveTheWindTriangleWhenTheSpeedIsKnown(
            double feltFrom, double felt, double speed, double trueFrom, double trueKnots) {
        course(1000, speed);
        course(3000, 99);
        wind(2000, feltFrom, felt);

        Wind wind = navigator.sent("wind", Wind::read).get(0);
        assertThat(wind.timeMs()).isEqualTo(2000);
        assertThat(wind.apparentDegrees()).isEqualTo(feltFrom);
        assertThat(wind.apparentKnots()).isEqualTo(felt);
        assertThat(wind.trueDegrees()).isCloseTo(trueFrom, FINE);
        assertThat(wind.trueKnots()).isCloseTo(trueKnots, FINE);
    }

    @Test
    void shouldLeaveTheTrueWindOpenWhenTheSpeedIsNotKnown() {
        wind(2000, 40, 12);
        closeInputs();

        Wind wind = navigator.sent("wind", Wind::read).get(0);
        assertThat(wind.apparentKnots()).isEqualTo(12);
        assertThat(wind.trueKnots()).isNaN();
        assertThat(wind.trueDegrees()).isNaN();
    }

    @Test
    void shouldLeaveTheSpeedOpenWhenTheCourseIsTooOld() {
        course(0, 6);
        course(60_000, 6);
        position(10_001, 60, 20);

        assertThat(navigator.sent("track", Track::read).get(0).speedKnots()).isNaN();
    }

    @Test
    void shouldKeepEveryPositionWhenNoCourseEverComes() {
        for (int i = 0; i < 2000; i++) {
            position(i * 1000L, 60 + i * 1e-4, 20);
        }
        closeInputs();

        assertThat(navigator.sent("track", Track::read))
                .hasSize(2000)
                .extracting(Track::timeMs)
                .isSorted();
    }

    @Test
    void shouldSendWhatWaitsWhenStopped() {
        position(1000, 60, 20);

        navigator.stop();

        assertThat(navigator.sent("track")).hasSize(1);
    }

    // Started again.

    private static NodeHarness successor(NodeHarness former, int incarnation) {
        return NodeHarness.of(new Navigator())
                .input("position")
                .input("course")
                .input("wind")
                .output("track")
                .output("wind")
                .incarnation(incarnation)
                .restored(former.checkpointed().orElseThrow())
                .open();
    }

    private static void position(NodeHarness harness, long timeMs, double latitude, double longitude) {
        harness.feed("position", out -> Position.write(out, timeMs, latitude, longitude));
    }

    @Test
    void shouldGoOnWithItsDistanceAndWhatWaitedWhenItIsStartedAgain() {
        course(500, 5);
        position(400, 60, 20);
        position(1000, 60.5, 20);
        assertThat(navigator.sent("track")).hasSize(1);

        NodeHarness next = successor(navigator, 1);
        position(next, 2000, 60.5, 21);
        next.closeInput("course");

        List<Track> track = next.sent("track", Track::read);
        assertThat(track).extracting(Track::timeMs).containsExactly(1000L, 2000L);
        position(2000, 60.5, 21);
        closeInputs();
        List<Track> unbroken = navigator.sent("track", Track::read);
        assertThat(track.get(0).distanceMeters()).isEqualTo(unbroken.get(1).distanceMeters());
        assertThat(track.get(1).distanceMeters()).isEqualTo(unbroken.get(2).distanceMeters());
    }

    @Test
    void shouldNotSendTwiceWhatTheOneBeforeHasSent() {
        position(400, 60, 20);
        position(500, 60.5, 20);
        course(2000, 5);
        assertThat(navigator.sent("track")).hasSize(2);

        NodeHarness next = successor(navigator, 1);
        next.closeInput("course");

        assertThat(next.sent("track")).isEmpty();
    }

    @Test
    void shouldBeginAnewInANewRun() {
        position(0, 60, 20);
        position(1000, 61, 20);

        NodeHarness next = successor(navigator, 0);
        position(next, 0, 60, 20);
        next.closeInput("course");

        assertThat(next.sent("track", Track::read))
                .extracting(Track::distanceMeters)
                .containsExactly(0.0);
    }

    private void position(long timeMs, double latitude, double longitude) {
        navigator.feed("position", out -> Position.write(out, timeMs, latitude, longitude));
    }

    private void course(long timeMs, double knots) {
        navigator.feed("course", out -> Course.write(out, timeMs, 0, knots));
    }

    private void wind(long timeMs, double degrees, double knots) {
        navigator.feed("wind", out -> ApparentWind.write(out, timeMs, degrees, knots));
    }

    private void closeInputs() {
        navigator.closeInput("wind");
        navigator.closeInput("course");
        navigator.closeInput("position");
    }
}
