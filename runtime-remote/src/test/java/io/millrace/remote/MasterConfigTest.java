package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class MasterConfigTest {
    private static final Map<String, BiFunction<MasterConfig.Builder, Duration, MasterConfig.Builder>> TIMES = Map.of(
            "lease",
            MasterConfig.Builder::lease,
            "stopGrace",
            MasterConfig.Builder::stopGrace,
            "drift",
            MasterConfig.Builder::drift,
            "renewEvery",
            MasterConfig.Builder::renewEvery,
            "linkTimeout",
            MasterConfig.Builder::linkTimeout,
            "electionTimeout",
            MasterConfig.Builder::electionTimeout);

    @Test
    void shouldSayWhichTimeItIsWhenOneStandsForEverOrIsNone() {
        for (Duration unusable : new Duration[] {
            ChronoUnit.FOREVER.getDuration(), Duration.ofDays(367), Duration.ZERO, Duration.ofMillis(-1)
        }) {
            TIMES.forEach((name, set) -> assertThatThrownBy(
                            () -> set.apply(MasterConfig.builder("m1", Path.of("data")), unusable)
                                    .build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " is " + unusable + ": expected a millisecond to a year"));
        }
    }

    @Test
    void shouldRefuseADriftThatEndsBeforeTheLastNodeOfAStop() {
        MasterConfig.Builder config = MasterConfig.builder("m1", Path.of("data"));

        assertThatThrownBy(() -> config.drift(Duration.ofMillis(3500)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the drift of 3500 ms must be longer than the 2500 ms for which a master may not know that"
                        + " another one leads and the 1000 ms that a stop may take beyond its grace: else nodes could"
                        + " run twice");
        config.drift(Duration.ofMillis(3501)).build();
    }

    @Test
    void shouldListenForOtherMastersWhereThePeersHaveItWhenNothingElseIsSaid() {
        MasterConfig.Builder config = MasterConfig.builder("m2", Path.of("data"));
        assertThat(config.build().raftAddress()).hasToString("127.0.0.1:53292");

        config.peers(List.of(
                MasterConfig.MasterPeer.parse("m1=10.0.0.1"),
                MasterConfig.MasterPeer.parse("m2=10.0.0.2:53290:6000"),
                MasterConfig.MasterPeer.parse("m3=10.0.0.3")));

        assertThat(config.build().raftAddress()).hasToString("10.0.0.2:6000");
        assertThat(config.build().toString()).contains("raftAddress=10.0.0.2:6000");
        assertThat(config.raftAddress(new HostPort("0.0.0.0", 6000)).build().raftAddress())
                .hasToString("0.0.0.0:6000");
    }

    @Test
    void shouldSayAllThatItHoldsWhenItIsPrinted() {
        String text = MasterConfig.builder("m1", Path.of("data"))
                .cluster("ship")
                .insecure(true)
                .build()
                .toString();

        assertThat(text).contains("name=m1", "cluster=ship", "lease=PT10S", "electionTimeout=PT2S", "insecure=true");
    }
}
