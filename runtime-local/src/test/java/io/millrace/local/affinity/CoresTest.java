package io.millrace.local.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoresTest {

    @Test
    void shouldKnowWhichCoresThereAreWhenLinuxListsThem() {
        Cores cores = Cores.parse("0-3,8,10-11\n");

        assertThat(cores.missing(List.of(0, 3, 4, 8, 9, 11, 12))).containsExactly(4, 9, 12);
        assertThat(cores).hasToString("cores [0, 1, 2, 3, 8, 10, 11]");
        assertThat(Cores.parse("0")).hasToString("cores 0 to 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1-", "3-1", "1-2-3", "0,,1", "0-99999999"})
    void shouldRefuseWhatIsNoListOfCores(String list) {
        assertThatThrownBy(() -> Cores.parse(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldCountCoresWhereTheyAreNotListed() {
        assertThat(Cores.firstOnes(4)).hasToString("cores 0 to 3");
    }

    @Test
    void shouldHaveTheCoresThatThisJvmRunsOn() {
        assertThat(Cores.ofThisMachine().missing(List.of(4095))).containsExactly(4095);
    }
}
