package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StragglersTest {
    private static final long GRACE_NS = 100;

    private static final String CHAIN = """
            name: chain
            nodes:
              - id: source
                path: source.py
                outputs: [out]
              - id: wedge
                path: wedge.py
                inputs: {in: source/out}
                outputs: [out]
              - id: sink
                path: sink.py
                inputs: {in: wedge/out%s}
            """;

    private final Map<String, Long> pulses = new HashMap<>();

    private static Stragglers of(String inputs) {
        return new Stragglers(Dataflow.parse(CHAIN.formatted(inputs)).graph(), GRACE_NS);
    }

    private List<String> find(Stragglers stragglers, long nowNs, Set<String> open, String... running) {
        return stragglers.find(
                nowNs, Set.of(running), Set.of(), open, node -> pulses.getOrDefault(node, ProgramPulse.BUSY));
    }

    private List<String> find(Stragglers stragglers, long nowNs, String... running) {
        return find(stragglers, nowNs, Set.of(), running);
    }

    @Test
    void shouldFindAProgramOnceWhenItHasBeenSilentForTheGrace() {
        Stragglers stragglers = of("");
        pulses.put("wedge", 1L);
        assertThat(find(stragglers, 1_000, "wedge", "sink")).isEmpty();
        assertThat(find(stragglers, 1_099, "wedge", "sink")).isEmpty();
        assertThat(stragglers.isFound("wedge")).isFalse();
        assertThat(find(stragglers, 1_100, "wedge", "sink")).containsExactly("wedge");
        assertThat(stragglers.isFound("wedge")).isTrue();
        assertThat(find(stragglers, 1_200, "wedge", "sink")).isEmpty();
    }

    @Test
    void shouldBeginAnewWhenTheProgramHasDoneSomething() {
        Stragglers stragglers = of("");
        pulses.put("wedge", 1L);
        find(stragglers, 1_000, "wedge");
        pulses.put("wedge", 2L);
        assertThat(find(stragglers, 1_100, "wedge")).isEmpty();
        pulses.put("wedge", ProgramPulse.BUSY);
        assertThat(find(stragglers, 1_300, "wedge")).isEmpty();
        pulses.put("wedge", 2L);
        assertThat(find(stragglers, 1_400, "wedge")).isEmpty();
        assertThat(find(stragglers, 1_500, "wedge")).containsExactly("wedge");
    }

    @Test
    void shouldFindNoneWhileASourceRuns() {
        Stragglers stragglers = of("");
        pulses.put("wedge", 1L);
        find(stragglers, 1_000, "source", "wedge");
        assertThat(find(stragglers, 2_000, "source", "wedge")).isEmpty();
        assertThat(find(stragglers, 2_001, "wedge")).containsExactly("wedge");
    }

    @Test
    void shouldFindNoneWhileANodeHasATimer() {
        Stragglers stragglers = of(", tick: dora/timer/secs/1");
        pulses.put("wedge", 1L);
        find(stragglers, 1_000, "wedge", "sink");
        assertThat(find(stragglers, 2_000, "wedge", "sink")).isEmpty();
    }

    @Test
    void shouldFindNoneWhileTheApplicationMaySend() {
        Stragglers stragglers = of(", more: millrace/app/more");
        pulses.put("wedge", 1L);
        find(stragglers, 1_000, Set.of("more"), "wedge", "sink");
        assertThat(find(stragglers, 2_000, Set.of("more"), "wedge", "sink")).isEmpty();
        assertThat(find(stragglers, 2_001, "wedge", "sink")).containsExactly("wedge");
    }

    @Test
    void shouldFindNoneWhileANodeWorksOnWhatItWasSent() {
        Stragglers stragglers = of("");
        pulses.put("sink", 1L);
        find(stragglers, 1_000, "wedge", "sink");
        assertThat(find(stragglers, 2_000, "wedge", "sink"))
                .as("'wedge' is busy and nobody feeds it")
                .isEmpty();
    }

    @Test
    void shouldReadTheGraceAsDoraDoes() {
        assertThat(Stragglers.grace(null)).isEqualTo(Duration.ofMinutes(2));
        assertThat(Stragglers.grace("")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Stragglers.grace("30")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Stragglers.grace("0")).isEqualTo(Duration.ZERO);
        assertThat(Stragglers.grace("OFF")).isEqualTo(ChronoUnit.FOREVER.getDuration());
        assertThat(Stragglers.grace("disabled")).isEqualTo(ChronoUnit.FOREVER.getDuration());
        assertThat(Stragglers.grace("-1")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Stragglers.grace("soon")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void shouldFindNoneWhenItIsTurnedOff() {
        Stragglers off = new Stragglers(Dataflow.parse(CHAIN.formatted("")).graph(), Long.MAX_VALUE);
        pulses.put("wedge", 1L);
        find(off, 1_000, "wedge");
        assertThat(find(off, Long.MAX_VALUE / 2, "wedge")).isEmpty();
    }
}
