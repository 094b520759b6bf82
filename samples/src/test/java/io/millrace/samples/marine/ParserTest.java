package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.testkit.NodeHarness;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
    private static final long NOON_MS = 12 * 3_600_000;

    private final NodeHarness parser = NodeHarness.of(new Parser())
            .input("line")
            .output("position")
            .output("depth")
            .output("wind")
            .output("course")
            .output("quality")
            .open();

    @Test
    void shouldSendOneMessageOfEachKindWhenTheLogHasThem() {
        feed("GPZDA,120000,,,,00,");
        feed("IIDBT,034.25,f,010.44,M,005.64,F");
        feed("IIMWV,338,R,13.41,N,A");
        feed("IIVTG,224.44,T,224.44,M,5.81,N,,,D");
        feed("GPGLL,6005.400,N,02332.400,E,120001,A,D");

        assertThat(parser.sent("depth", Depth::read)).containsExactly(new Depth(NOON_MS, 10.44));
        assertThat(parser.sent("wind", ApparentWind::read)).containsExactly(new ApparentWind(NOON_MS, 338, 13.41));
        assertThat(parser.sent("course", Course::read)).containsExactly(new Course(NOON_MS, 224.44, 5.81));
        Position position = parser.sent("position", Position::read).get(0);
        assertThat(position.timeMs()).as("its own time").isEqualTo(NOON_MS + 1000);
        assertThat(position.latitude()).isCloseTo(60.09, within(1e-12));
        assertThat(position.longitude()).isCloseTo(23.54, within(1e-12));
    }

    @Test
    void shouldStampWithTheLastTimeWhenSentencesHaveNone() {
        feed("IIDBT,,f,001.00,M,,F");
        feed("GPZDA,120000,,,,00,");
        feed("IIDBT,,f,002.00,M,,F");
        feed("GPGLL,6005.400,N,02332.400,E,120007,A,D");
        feed("IIDBT,,f,003.00,M,,F");
        feed("GPZDA,,,,,00,");
        feed("GPZDA,999999,,,,00,");
        feed("IIDBT,,f,004.00,M,,F");

        assertThat(parser.sent("depth", Depth::read))
                .extracting(Depth::timeMs)
                .containsExactly(LogTime.UNKNOWN, NOON_MS, NOON_MS + 7000, NOON_MS + 7000);
    }

    @Test
    void shouldGoOnGrowingWhenTheLogPassesMidnight() {
        feed("GPZDA,235959,,,,00,");
        feed("IIDBT,,f,001.00,M,,F");
        feed("GPZDA,000001,,,,00,");
        feed("IIDBT,,f,002.00,M,,F");

        assertThat(parser.sent("depth", Depth::read))
                .extracting(Depth::timeMs)
                .containsExactly(86_399_000L, 86_401_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GPGLL,6005.071,N,02332.346,E,120000,A,D|60.08451666666667|23.5391",
                "GPGLL,6005.071,N,02332.346,E,120000,A|60.08451666666667|23.5391",
                "GPGLL,3330.000,S,07030.0,W,120000,A,A|-33.5|-70.5",
                "GPGLL,0000.000,N,00000.000,E,,A,A|0|0",
                "GPGLL,9000.000,S,18000.000,W,120000,A,R|-90|-180"
            })
    void shouldReadAPositionWhenItIsValid(String body, double latitude, double longitude) {
        feed(body);

        Position position = parser.sent("position", Position::read).get(0);
        assertThat(position.latitude()).isCloseTo(latitude, within(1e-12));
        assertThat(position.longitude()).isCloseTo(longitude, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GPGLL,6005.071,N,02332.346,E,120000,V,D",
                "GPGLL,6005.071,N,02332.346,E,120000,A,N",
                "GPGLL,6005.071,N,02332.346,E,120000,A,E",
                "GPGLL,6005.071,N,02332.346,E,120000,A,S",
                "GPGLL,6005.071,N,02332.346,E,120000,,",
                "GPGLL,6005.071,N,02332.346,E",
                "GPGLL,,,,,120000,V,N",
                "GPGLL,,N,,E,120000,A,A",
                "GPGLL,6005.071,,02332.346,E,120000,A,A",
                "GPGLL,6005.071,N,02332.346,X,120000,A,A",
                "GPGLL,6060.000,N,02332.346,E,120000,A,A",
                "GPGLL,9000.001,N,02332.346,E,120000,A,A",
                "GPGLL,6005.071,N,18000.001,E,120000,A,A",
                "GPGLL,-6005.071,N,02332.346,E,120000,A,A"
            })
    void shouldSendNoPositionWhenItIsVoid(String body) {
        feed(body);
        parser.closeInput("line");

        assertThat(parser.sent("position")).isEmpty();
        Quality quality = parser.sent("quality", Quality::read).get(0);
        assertThat(quality.voidPositions()).isEqualTo(1);
        assertThat(quality.firstMs()).as("its time is not relied on").isEqualTo(LogTime.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IIDBT,034.25,f,010.44,M,005.64,F|10.44",
                "IIDBT,034.25,f,,M,,F|10.4394",
                "IIDBT,,f,,M,5,F|9.144",
                "IIDBT,,f,0.00,M,,F|0"
            })
    void shouldReadADepthWhenAnyUnitIsGiven(String body, double meters) {
        feed(body);

        assertThat(parser.sent("depth", Depth::read).get(0).meters()).isCloseTo(meters, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IIDBT,,f,,M,,F",
                "IIDBT,1,M,2,f,3,x",
                "IIDBT,,f,-1.0,M,,F",
                "IIDBT,,f,abc,M,,F",
                "SDDBT,,f,1.0,M,,F"
            })
    void shouldSendNoDepthWhenNoneIsGiven(String body) {
        feed(body);

        assertThat(parser.sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IIMWV,338,R,13.41,N,A|13.41",
                "IIMWV,338,R,18.52,K,A|10",
                "IIMWV,338,R,10.00,M,A|19.438444924406",
                "IIMWV,0,R,0,N,A|0"
            })
    void shouldReadTheWindInKnotsWhateverItsUnit(String body, double knots) {
        feed(body);

        assertThat(parser.sent("wind", ApparentWind::read).get(0).knots()).isCloseTo(knots, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IIMWV,313,T,08.16,N,A",
                "IIMWV,338,R,13.41,N,V",
                "IIMWV,,R,,N,V",
                "IIMWV,,R,13.41,N,A",
                "IIMWV,338,R,,N,A",
                "IIMWV,338,R,13.41,,A",
                "IIMWV,338,R,13.41,X,A",
                "IIMWV,361,R,13.41,N,A",
                "WIMWV,338,R,13.41,N,A"
            })
    void shouldSendNoWindWhenItIsTrueOrNotValid(String body) {
        feed(body);

        assertThat(parser.sent()).isEmpty();
    }

    @Test
    void shouldReadACourseWhenOnlyTheSpeedIsKnown() {
        feed("IIVTG,,T,,M,0.02,N,,,D");
        feed("IIVTG,10.0,T,,M,,N,18.52,K,A");
        feed("IIVTG,10.0,T,,M,5.0,N,,K,N");
        feed("IIVTG,360.0,348.7,000.0,000.0");

        List<Course> courses = parser.sent("course", Course::read);
        assertThat(courses).hasSize(2);
        assertThat(courses.get(0).degrees()).isNaN();
        assertThat(courses.get(0).knots()).isEqualTo(0.02);
        assertThat(courses.get(1).degrees()).isEqualTo(10);
        assertThat(courses.get(1).knots()).isCloseTo(10, within(1e-9));
    }

    @Test
    void shouldReadWhatItIsToldToWhenALogHasOtherInstruments() {
        NodeHarness other = NodeHarness.of(new Parser())
                .config("clock", "GPRMC")
                .config("depth", "SDDBT")
                .input("line")
                .output("position")
                .output("depth")
                .output("wind")
                .output("course")
                .output("quality")
                .open();

        other.feed("line", DamagedLog.sentence("GPRMC,120000,A,,,,,,,,"));
        other.feed("line", DamagedLog.sentence("SDDBT,,f,1.0,M,,F"));
        other.feed("line", DamagedLog.sentence("IIDBT,,f,2.0,M,,F"));

        assertThat(other.sent("depth", Depth::read)).containsExactly(new Depth(NOON_MS, 1));
    }

    @Test
    void shouldCountWhatTheLogIsMadeOfWhenItEnds() {
        feed("GPZDA,120000,,,,00,");
        parser.feed("line", "$IIDBT,,f,001.00,M,,F*00");
        parser.feed("line", "$IIDBT,,f,001.00,M");
        parser.feed("line", "line noise");
        parser.feed("line", new byte[] {(byte) 0xFF, 0, '$', 7});
        parser.feed("line", "$IIHDT,,T*0C$IIHDT,,T*0C");
        feed("GPZDA,120130,,,,00,");
        assertThat(parser.sent("quality")).isEmpty();

        parser.closeInput("line");

        assertThat(parser.sent("depth")).isEmpty();
        assertThat(parser.sent("quality", Quality::read))
                .containsExactly(new Quality(6, 2, 2, 0, NOON_MS, NOON_MS + 90_000, true));
    }

    @Test
    void shouldReadOnWhenALineIsEndless() {
        parser.feed("line", "x".repeat(1_000_000));
        feed("IIDBT,,f,001.00,M,,F");

        assertThat(parser.sent("depth")).hasSize(1);
    }

    @Test
    void shouldSaySoWhenTheFeedHasFailed() {
        parser.nodeFailed("upstream", "cut off");
        parser.closeInput("line");

        assertThat(parser.sent("quality", Quality::read).get(0).complete()).isFalse();
    }

    @Test
    void shouldSayWhatItKnowsWhenStopped() {
        feed("IIHDT,,T");

        parser.stop();

        assertThat(parser.sent("quality", Quality::read).get(0).sentences()).isEqualTo(1);
    }

    private void feed(String body) {
        parser.feed("line", DamagedLog.sentence(body));
    }
}
