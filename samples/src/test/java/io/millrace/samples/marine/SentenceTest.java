package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.samples.marine.Sentence.Finding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceTest {
    private final Sentence sentence = new Sentence();

    @Test
    void shouldFindTheFieldsWhenTheChecksumHolds() {
        assertThat(find("$GPGLL,6005.071,N,02332.346,E,095559,A,D*43")).isEqualTo(Finding.INTACT);

        assertThat(sentence.is("GPGLL")).isTrue();
        assertThat(sentence.is("IIGLL")).isFalse();
        assertThat(sentence.is("GPGL")).isFalse();
        assertThat(sentence.decimal(1)).isEqualTo(6005.071);
        assertThat(sentence.isLetter(2, 'N')).isTrue();
        assertThat(sentence.timeOfDayMillis(5)).isEqualTo(((9 * 60 + 55) * 60 + 59) * 1000);
        assertThat(sentence.isLetter(7, 'D')).isTrue();
        assertThat(sentence.isEmpty(8)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$IIHDT,,T*0C",
                "$IIHDT,,T*0c",
                "$IIHDT,,T*0C  ",
                "$IIHDT,,T*0C,1577836800",
                "noise $IIHDT,,T*0C",
                "\\s:tag*1A\\$IIHDT,,T*0C",
                "!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23"
            })
    void shouldBeIntactWhenTheChecksumHolds(String line) {
        assertThat(find(line)).isEqualTo(Finding.INTACT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$IIHDT,,T*0D",
                "$IIHDT,,M*0C",
                "$IIHDT,,T*",
                "$IIHDT,,T*0",
                "$IIHDT,,T*G0",
                "$IIHDT,,T*-1",
                "$IIHDT,,T",
                "$IIHDT,",
                "$IIHDT,\u00ff*0C"
            })
    void shouldBeDamagedWhenTheChecksumIsWrongOrMissing(String line) {
        assertThat(find(line)).isEqualTo(Finding.DAMAGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "$", "$$$", "!", "hello, world", "$*00", "$abc,1*00", "$GP,1*00", "$GPGLL*50", "IIHDT,,T*0C"
            })
    void shouldFindNoneWhenNothingIsAddressed(String line) {
        assertThat(find(line)).isEqualTo(Finding.NONE);
    }

    @Test
    void shouldFindEachWhenALineHoldsSeveral() {
        byte[] line = bytes("x$IIDBT,034.25,f,010.4$IIHDT,,T*0C$GPWCV,,N,,D*5F");
        List<Finding> findings = new ArrayList<>();
        for (int from = 0; from < line.length; from = sentence.end()) {
            findings.add(sentence.find(line, from, line.length));
        }

        assertThat(findings).containsExactly(Finding.DAMAGED, Finding.INTACT, Finding.INTACT);
        assertThat(sentence.is("GPWCV")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "5,5",
        "010.44,10.44",
        "-3.5,-3.5",
        "+7.,7",
        ".25,.25",
        "00000000000000001,1",
        "123456789012345.678,123456789012345.678"
    })
    void shouldReadNumbersWhenTheyAreWritten(String text, double value) {
        findBody("IITST," + text);

        assertThat(sentence.decimal(1)).isCloseTo(value, within(2 * Math.ulp(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "1.2.3", "1e5", "NaN", "1 2", "0x10", "--1", "1234567890123456789"})
    void shouldReadNaNWhenAFieldIsNoNumber(String text) {
        findBody("IITST," + text);

        assertThat(sentence.decimal(1)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "000000,0",
        "235959,86399000",
        "120000.25,43200250",
        "235960,86400000",
        "00000.5,-1",
        "240000,-1",
        "006000,-1",
        "000061,-1",
        "12000,-1",
        "1200xx,-1",
        "-10000,-1",
        "'',-1"
    })
    void shouldReadTheTimeOfDayWhenItIsOne(String text, int millis) {
        findBody("IITST," + text);

        assertThat(sentence.timeOfDayMillis(1)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GPZDA,000001,,,,00,|1000",
                "GPGGA,000001,,,,,0,,,,M,,M,,|1000",
                "GPRMC,000001,A,,,,,,,,|1000",
                "GPRMC,000001,V,,,,,,,,|-1",
                "GPGLL,,,,,000001,A,A|1000",
                "GPGLL,,,,,000001,V,N|-1",
                "GPVTG,000001,T|-1"
            })
    void shouldSayTheTimeWhenTheSentenceHasOneToRelyOn(String body, int millis) {
        findBody(body);

        assertThat(sentence.timeOfDayMillis()).isEqualTo(millis);
    }

    @Test
    void shouldLeaveFieldsOutWhenThereAreTooMany() {
        findBody("IITST" + ",1".repeat(200));

        assertThat(sentence.decimal(31)).isEqualTo(1);
        assertThat(sentence.isEmpty(32)).isTrue();
    }

    private void findBody(String body) {
        assertThat(find(DamagedLog.sentence(body))).isEqualTo(Finding.INTACT);
    }

    private Finding find(String line) {
        byte[] bytes = bytes(line);
        return sentence.find(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.ISO_8859_1);
    }
}
