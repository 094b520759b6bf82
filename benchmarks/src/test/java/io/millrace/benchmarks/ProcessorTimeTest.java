package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
    private static final String MACHINE = """
            cpu  100 10 30 800 20 1 2 37 5 0
            cpu0 50 5 15 400 10 1 1 18 5 0
            """;
    private static final String PROCESS =
            "42 (a (strange) name) S 1 42 42 0 -1 4194304 9 9 9 9 11 12 13 14 20 0 3 0 99 0 0";

    @Test
    void shouldCountAllCoresAndWhatTheHypervisorTookWhenItReadsTheMachine() {
        ProcessorTime time = ProcessorTime.parse(MACHINE, PROCESS);

        assertThat(time.total()).isEqualTo(1000);
        assertThat(time.busy()).isEqualTo(180);
    }

    @Test
    void shouldCountEndedChildrenWhenItReadsTheProcess() {
        assertThat(ProcessorTime.parse(MACHINE, PROCESS).own()).isEqualTo(11 + 12 + 13 + 14);
    }

    @Test
    void shouldLeaveOutWhatIsItsOwnWhenAskedForOthers() {
        ProcessorTime before = new ProcessorTime(1000, 180, 50);
        ProcessorTime after = new ProcessorTime(1200, 330, 180);

        assertThat(after.othersSince(before)).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void shouldSayNothingWhenNoTimeHasPassed() {
        ProcessorTime same = new ProcessorTime(1000, 180, 50);

        assertThat(same.othersSince(same)).isZero();
    }
}
