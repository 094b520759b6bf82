package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void shouldTakeTheMiddleWhenThereIsOne() {
        assertThat(Spread.of(30, 10, 20)).isEqualTo(new Spread(20, 10, 30));
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleTwoWhenThereAreTwo() {
        assertThat(Spread.of(40, 10, 20, 30)).isEqualTo(new Spread(25, 10, 40));
    }

    @Test
    void shouldRefuseWhenThereIsNothing() {
        assertThatIllegalArgumentException().isThrownBy(Spread::of).withMessage("there is no median of nothing");
    }

    @Test
    void shouldShowMedianAndEndsWhenPrinted() {
        assertThat(Spread.of(1.25, 2.5, 9).text(1)).isEqualTo("2.5 (1.3-9.0)");
        assertThat(Spread.of(412.4).text(0)).isEqualTo("412 (412-412)");
    }
}
