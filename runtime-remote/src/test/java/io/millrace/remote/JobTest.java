package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.remote.wire.ExecutorView;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobTest {
    @Test
    void shouldShowAllThatPeopleAskForWhenItComesFromTheMasters() {
        var place =
                new PartPlace(new PartId("j1", 2), 17, List.of("feed", "parser"), "boat", "i1", "10.0.0.7", 5, false);
        var view = new JobView(
                "j1",
                "marine",
                99,
                JobState.RUNNING,
                true,
                Optional.of("the link to 'shore' is down"),
                1_000,
                List.of(new JobView.PartView(place, true, PartState.OPENED)),
                List.of(new Finding("boat", Problem.Severity.WARNING, new Location("flow.yml", 3, 1), "odd")),
                List.of(new FailureRecord("feed", "java.io.IOException", "gone", List.of("at Feed.run"))),
                List.of(new JobView.Entry(1_500, JobState.PREPARING, "placed")));

        assertThat(Job.of(view))
                .isEqualTo(new Job(
                        "j1",
                        "marine",
                        Job.State.RUNNING,
                        Optional.of("the link to 'shore' is down"),
                        Instant.ofEpochMilli(1_000),
                        List.of(new Job.Part(2, 17, "boat", List.of("feed", "parser"), true, Job.PartState.OPENED)),
                        List.of(new Job.MachineProblem(
                                "boat", new Problem(Problem.Severity.WARNING, new Location("flow.yml", 3, 1), "odd"))),
                        List.of(new Job.Failure("feed", "java.io.IOException", "gone", List.of("at Feed.run"))),
                        List.of(new Job.Entry(Instant.ofEpochMilli(1_500), Job.State.PREPARING, "placed"))));
    }

    @ParameterizedTest
    @EnumSource(PartState.class)
    void shouldShowPartsThatHaveNotSaidThatTheyEndedAsLostWhenTheirJobHasEnded(PartState state) {
        var place = new PartPlace(new PartId("j1", 0), 1, List.of("feed"), "boat", "i1", "10.0.0.7", 5, false);
        var view = new JobView(
                "j1",
                "marine",
                1,
                JobState.STOPPED,
                false,
                Optional.empty(),
                0,
                List.of(new JobView.PartView(place, true, state)),
                List.of(),
                List.of(),
                List.of());

        assertThat(Job.of(view).parts().get(0).state())
                .isEqualTo(state.isFinal() ? Job.PartState.valueOf(state.name()) : Job.PartState.LOST);
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void shouldKnowTheStateWhenMastersHaveIt(JobState state) {
        assertThat(Job.State.valueOf(state.name()).isFinal()).isEqualTo(state.isFinal());
    }

    @Test
    void shouldKnowTheSameStatesAsTheMasters() {
        assertThat(names(Job.PartState.values()))
                .containsAll(names(PartState.values()))
                .hasSize(1 + PartState.values().length)
                .endsWith("LOST");
        assertThat(names(ExecutorStatus.Condition.values())).isEqualTo(names(ExecutorView.Condition.values()));
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    @Test
    void shouldSortItsLabelsWhenAnExecutorIsShown() {
        var view = new ExecutorView(
                "boat",
                "i1",
                3,
                ExecutorView.Condition.DRAINING,
                Map.of("zone", "sea", "gpu", "none"),
                "::1",
                53293,
                4,
                7);

        ExecutorStatus status = ExecutorStatus.of(view);

        assertThat(status.labels()).containsExactly(Map.entry("gpu", "none"), Map.entry("zone", "sea"));
        assertThat(status.address()).isEqualTo(new HostPort("::1", 53293));
        assertThat(status.condition()).isEqualTo(ExecutorStatus.Condition.DRAINING);
        assertThat(status.nodes()).isEqualTo(7);
    }
}
