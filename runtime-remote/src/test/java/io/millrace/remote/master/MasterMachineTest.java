package io.millrace.remote.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.Problem;
import io.millrace.remote.log.AppliedOnce;
import io.millrace.remote.log.StateMachine;
import io.millrace.remote.state.ClusterEntry;
import io.millrace.remote.state.ClusterLimits;
import io.millrace.remote.state.Outcome;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterMachineTest {

    @TempDir
    Path folder;

    private MasterMachine machine;
    private AppliedOnce log;
    private long index;

    @BeforeEach
    void open() {
        machine = new MasterMachine(new ArtifactFiles(folder), ClusterLimits.DEFAULT, applied -> {});
        log = new AppliedOnce(machine);
        apply(new ClusterEntry.RegisterExecutor(
                1, "boat", "boat-1", Map.of(), "boat.example", 5000, 4, "Linux", 15_000, List.of()));
    }

    @Test
    void shouldAnswerForAJobWhoseFailuresAreLargerThanAnAnswer() {
        submit("id: a, class: A, outputs: [x]", "id: b, class: B, inputs: {x: a/x}");
        report(PartState.PREPARED, List.of());
        report(PartState.OPENED, List.of());
        report(PartState.RUNNING, List.of());
        report(PartState.RUNNING, Collections.nCopies(200, failure()));

        Outcome outcome = apply(new ClusterEntry.StopJob(1, "job", 0));

        JobView view = machine.ask(state -> state.jobView("job")).orElseThrow();
        assertThat(outcome).isEqualTo(new Outcome.OfJob("id-of-job"));
        assertThat(view.state()).isEqualTo(JobState.STOPPING);
        assertThat(view.failures()).hasSize(100);
        assertThat(view.failures().get(0)).isEqualTo(failure());
        assertThat(view.failures().get(99).stack()).isEmpty();
        assertThat(RecordCodec.of(JobView.class).encode(view)).hasSizeLessThan(StateMachine.MAX_REPLY_BYTES);
    }

    @Test
    void shouldAnswerForAJobWhoseNodesAreLargerThanAnAnswer() {
        String name = "n".repeat(120);
        String nodes = IntStream.range(0, 10_000)
                .mapToObj(number -> "id: " + name + number + ", class: A")
                .collect(Collectors.joining("}\n  - {"));

        assertThat(submit(nodes)).isEqualTo(new Outcome.OfJob("id-of-job"));
    }

    @Test
    void shouldRefuseInFewWordsWhatIsWrongInManyPlaces() {
        GraphForm valid = form("id: a, class: A");
        GraphForm wrong = new GraphForm(
                valid.name(),
                valid.settings(),
                Collections.nCopies(5000, valid.nodes().get(0)));

        Outcome outcome = apply(new ClusterEntry.SubmitJob(1, submission(wrong)));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(Reason.INVALID);
            assertThat(refused.findings()).hasSize(100).allMatch(found -> found.severity() == Problem.Severity.ERROR);
        });
    }

    /** Through the log, but for its limit of an entry: what is large may have come by a smaller way. */
    private Outcome apply(ClusterEntry entry) {
        byte[] bytes = machine.encode(entry);
        byte[] envelope =
                ByteBuffer.allocate(1 + bytes.length).put((byte) 0).put(bytes).array();
        return machine.outcome(AppliedOnce.result(log.apply(++index, envelope)).reply());
    }

    private Outcome submit(String... nodes) {
        return apply(new ClusterEntry.SubmitJob(1, submission(form(nodes))));
    }

    private static GraphForm form(String... nodes) {
        String yaml = "name: job\nnodes:\n  - {" + String.join("}\n  - {", nodes) + "}\n";
        return GraphForm.of(Dataflow.parse(yaml).graph());
    }

    private static Submission submission(GraphForm graph) {
        JobOptions options = new JobOptions(
                60_000, 5_000, OptionalLong.empty(), "", OptionalInt.empty(), false, false, 0, false, false, 60_000, 0);
        return new Submission(
                "id-of-job", "job", graph, Optional.empty(), "/flows", Optional.empty(), List.of(), options);
    }

    private static FailureRecord failure() {
        return new FailureRecord(
                "a", "java.lang.IllegalStateException", "m".repeat(4096), Collections.nCopies(64, "f".repeat(100)));
    }

    /** Of the only part. */
    private void report(PartState state, List<FailureRecord> failures) {
        PartAssignment part =
                machine.ask(known -> known.desired("boat")).get(0).parts().get(0);
        PartReport report = new PartReport(
                part.id(), part.epoch(), state, List.of(), failures, false, Map.of(), List.of(), Optional.empty());
        apply(new ClusterEntry.PartsReported(1, "boat", "boat-1", List.of(report)));
    }
}
