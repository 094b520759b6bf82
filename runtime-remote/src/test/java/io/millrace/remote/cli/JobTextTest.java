package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.remote.ExecutorStatus;
import io.millrace.remote.HostPort;
import io.millrace.remote.Job;
import io.millrace.remote.MastersStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobTextTest {
    private static final Instant TIME = Instant.parse("2026-01-31T08:00:00Z");
    private static final Job JOB = new Job(
            "j7",
            "marine",
            Job.State.RUNNING,
            Optional.of("the link to 'shore' is down"),
            TIME,
            List.of(
                    new Job.Part(0, 17, "shore", List.of("chart"), false, Job.PartState.RUNNING),
                    new Job.Part(1, 17, "boat", List.of("feed", "parser"), true, Job.PartState.OPENED)),
            List.of(new Job.MachineProblem(
                    "boat", new Problem(Problem.Severity.WARNING, new Location("flow.yml", 3, 1), "odd"))),
            List.of(new Job.Failure("feed", "java.io.IOException", "gone \u001b[31m", List.of("at Feed.run"))),
            List.of(new Job.Entry(TIME.plusSeconds(1), Job.State.PREPARING, "placed")));

    private final JobText text = new JobText(ZoneOffset.UTC);

    @Test
    void shouldGiveEachJobALine() {
        assertThat(text.table(List.of(JOB))).isEqualTo("""
                        NAME    STATE              SUBMITTED            NODES  MACHINES    ID
                        marine  running, degraded  2026-01-31 08:00:00      3  boat,shore  j7
                        """);
    }

    @Test
    void shouldTellAllThatIsKnownOfOneJob() {
        assertThat(text.details(JOB)).isEqualTo("""
                        job 'marine' (j7): running, submitted 2026-01-31 08:00:00
                        degraded: the link to 'shore' is down

                        MACHINE        PART  STATE    EPOCH  NODES
                        shore             0  running     17  chart
                        boat (pinned)     1  opened      17  feed parser

                        flow.yml:3:1: warning: odd (on machine 'boat')
                        node 'feed' failed: java.io.IOException: gone \\u001b[31m

                        TIME                 STATE
                        2026-01-31 08:00:01  preparing  placed
                        """);
    }

    @Test
    void shouldTellProgramsTheSame() {
        String json = Json.line(JobText.toJson(JOB));

        assertThat(json)
                .contains("\"id\":\"j7\"", "\"state\":\"running\"", "\"submittedAt\":\"2026-01-31T08:00:00Z\"")
                .contains("\"machine\":\"boat\",\"pinned\":true,\"state\":\"opened\",\"nodes\":[\"feed\",\"parser\"]")
                .contains(
                        "\"severity\":\"warning\",\"file\":\"flow.yml\",\"line\":3,\"column\":1,\"message\":\"odd\",\"machine\":\"boat\"")
                .contains("\"exception\":\"java.io.IOException\"");
    }

    @Test
    void shouldTellProgramsOfAJobThatIsListedNothingThatIsNotKnown() {
        assertThat(JobText.listed(JOB).keySet())
                .containsExactly("id", "name", "state", "degraded", "submittedAt", "parts");
    }

    @Test
    void shouldGiveEachExecutorALine() {
        ExecutorStatus boat = new ExecutorStatus(
                "boat",
                "i1",
                2,
                ExecutorStatus.Condition.JOINED,
                Map.of("gpu", "none", "zone", "sea"),
                new HostPort("10.0.0.7", 53293),
                4,
                1);

        assertThat(ExecutorText.table(List.of(boat), masters("i1", true))).isEqualTo("""
                        MACHINE  CONDITION  ADDRESS         CORES  NODES  STARTS  LEASE             LABELS
                        boat     joined     10.0.0.7:53293      4      1       2  heard 0.40 s ago  gpu=none,zone=sea
                        """);
        assertThat(ExecutorText.table(List.of(boat), masters("i1", false))).contains("not connected, lost in 18.60 s");
        assertThat(ExecutorText.table(List.of(boat), masters("i2", true))).contains("  2  none   ");
        assertThat(Json.line(ExecutorText.toJson(boat, masters("i1", true))))
                .contains("\"machine\":\"boat\"", "\"labels\":{\"gpu\":\"none\",\"zone\":\"sea\"}")
                .contains("\"lease\":{\"connected\":true,\"heardMsAgo\":400,\"leftMs\":18600}");
        assertThat(Json.line(ExecutorText.toJson(boat, masters("i2", true)))).contains("\"lease\":null");
    }

    private static MastersStatus masters(String instance, boolean isConnected) {
        return new MastersStatus(
                "m2",
                7,
                List.of(
                        new MastersStatus.Member("m1", new HostPort("10.0.0.1", 53290)),
                        new MastersStatus.Member("m2", new HostPort("10.0.0.2", 53290))),
                List.of(new MastersStatus.Lease(
                        "boat", instance, isConnected, Duration.ofMillis(400), Duration.ofMillis(18_600))));
    }

    @Test
    void shouldSayWhichMasterLeads() {
        assertThat(ExecutorText.table(masters("i1", true))).isEqualTo("""
                        MASTER  ROLE     ADDRESS         TERM
                        m1      follows  10.0.0.1:53290
                        m2      leads    10.0.0.2:53290     7
                        """);
        assertThat(Json.line(ExecutorText.toJson(masters("i1", true))))
                .contains("\"leader\":\"m2\",\"term\":7", "10.0.0.1:53290");
    }
}
