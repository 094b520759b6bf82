package io.millrace.remote.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One round of each kind of loss, on one cluster of real processes; {@code chaos/run} plays many. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ChaosTest {
    private static final List<Kind> KINDS = List.of(Kind.LEADER, Kind.FOLLOWER, Kind.EXECUTOR, Kind.CLIENT, Kind.CUT);

    @Test
    void shouldGoOnCountingWhenMembersAreKilledAndCutOff(@TempDir Path directory) throws Exception {
        List<Round> rounds = new ArrayList<>();
        List<String> atEnd;
        long messages;
        try (ChaosRun run = new ChaosRun(directory, 0.3)) {
            for (Kind kind : KINDS) {
                rounds.add(run.play(rounds.size(), kind, 1));
            }
            atEnd = run.end();
            messages = run.messages();
        }
        assertThat(rounds).allSatisfy(round -> {
            assertThat(round.broken()).as(round.line()).isEmpty();
            assertThat(round.recoveryMs()).as(round.line()).isNotNegative();
        });
        assertThat(atEnd).isEmpty();
        assertThat(messages).isGreaterThan(1_000);
    }
}
