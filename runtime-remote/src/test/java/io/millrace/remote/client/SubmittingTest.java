package io.millrace.remote.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.client.SubmissionInterruptedException.Fate;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever hands a dataflow in is interrupted as soon as a master has it, but not its answer. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SubmittingTest {
    private static final Graph GRAPH = Dataflow.parse("""
            name: flow
            nodes:
              - id: beat
                class: io.millrace.remote.nodes.Beat
                inputs: {tick: dora/timer/millis/20}
                outputs: [out]
            """).graph();

    private final Agenda agenda = new Agenda("test").start();
    private final List<ClientRequest> sent = Collections.synchronizedList(new ArrayList<>());
    private ClusterClient client = new ClusterClient(agenda, Duration.ofSeconds(30));

    @AfterEach
    void end() {
        client.close();
        agenda.close();
    }

    @Test
    void shouldStopTheJobWhenTheThreadIsInterruptedBeforeTheMastersHaveAnswered() {
        connect(stop -> new ClientReply.Job(stop.request(), view(stop.job(), JobState.RUNNING, JobState.STOPPING), 1));

        SubmissionInterruptedException interrupted = submit();

        assertThat(interrupted.fate()).isEqualTo(Fate.ASKED_TO_STOP);
        assertThat(interrupted).hasMessage("interrupted while job 'mine' was handed in: it was asked to stop");
        ClientRequest.Submit submit = (ClientRequest.Submit) sent.get(0);
        ClientRequest.Stop stop = (ClientRequest.Stop) sent.get(1);
        assertThat(stop.job()).isEqualTo(submit.submission().id()).isEqualTo(interrupted.jobId());
        assertThat(stop.graceMs()).isEqualTo(StartOptions.DEFAULT.closeGrace().toMillis());
    }

    @Test
    void shouldHaveTakenItBackWhenTheMastersHaveGivenItUpBeforeItRan() {
        connect(stop -> new ClientReply.Job(stop.request(), view(stop.job(), JobState.PREPARING, JobState.STOPPED), 1));

        assertThat(submit().fate()).isEqualTo(Fate.TAKEN_BACK);
    }

    @Test
    void shouldHaveTakenItBackAndHaveNobodyElseBeginItWhenTheMastersNeverHadIt() {
        connect(stop ->
                new ClientReply.Failed(stop.request(), ClientReply.Reason.UNKNOWN, "there is no such job", List.of()));

        assertThat(submit().fate()).isEqualTo(Fate.TAKEN_BACK);

        sent.clear();
        onAgenda(client::onConnected);
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldSayThatItMayRunWhenNobodyAnswers() {
        client = new ClusterClient(agenda, Duration.ofMillis(100));
        connect(stop -> null);

        assertThat(submit().fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(sent).hasExactlyElementsOfTypes(ClientRequest.Submit.class, ClientRequest.Stop.class);
    }

    @Test
    void shouldAskNobodyWhenItIsInterruptedBeforeThereIsAMaster() {
        client.use(request -> {
            sent.add(request);
            return true;
        });
        Thread.currentThread().interrupt();

        assertThat(submit().fate()).isEqualTo(Fate.TAKEN_BACK);

        onAgenda(client::onConnected);
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldSayThatItMayRunWhenAMasterWasAskedAndDoesNotAnswer() {
        client = new ClusterClient(agenda, Duration.ofMillis(100));
        client.use(request -> true);
        onAgenda(client::onConnected);

        assertThat(unreachable()).hasMessageContaining("job 'mine' was handed in and may run");
    }

    @Test
    void shouldNotSayThatItMayRunWhenNoMasterWasAsked() {
        client = new ClusterClient(agenda, Duration.ofMillis(100));

        assertThat(unreachable()).message().doesNotContain("may run");
    }

    private ClusterUnreachableException unreachable() {
        return catchThrowableOfType(
                ClusterUnreachableException.class,
                () -> new Submitting(client, new Submitting.Terms(Duration.ZERO, Duration.ZERO, false))
                        .submit(GRAPH, StartOptions.DEFAULT, "mine", false));
    }

    /** The flag is looked at, and taken from the test's thread. */
    private SubmissionInterruptedException submit() {
        SubmissionInterruptedException interrupted = catchThrowableOfType(
                SubmissionInterruptedException.class,
                () -> new Submitting(client, new Submitting.Terms(Duration.ZERO, Duration.ZERO, false))
                        .submit(GRAPH, StartOptions.DEFAULT, "mine", false));
        assertThat(Thread.interrupted()).isTrue();
        return interrupted;
    }

    /** @param answer null for none */
    private void connect(Function<ClientRequest.Stop, @Nullable ClientReply> answer) {
        Thread caller = Thread.currentThread();
        client.use(request -> {
            sent.add(request);
            if (request instanceof ClientRequest.Submit) {
                caller.interrupt();
            } else if (request instanceof ClientRequest.Stop stop) {
                ClientReply reply = answer.apply(stop);
                if (reply != null) {
                    agenda.execute(() -> client.onMessage(reply));
                }
            }
            return true;
        });
        onAgenda(client::onConnected);
    }

    private void onAgenda(Runnable action) {
        CompletableFuture.runAsync(action, agenda).join();
    }

    private static JobView view(String id, JobState... states) {
        List<JobView.Entry> history = new ArrayList<>();
        for (JobState state : states) {
            history.add(new JobView.Entry(0, state, ""));
        }
        return new JobView(
                id,
                "mine",
                7,
                states[states.length - 1],
                false,
                Optional.empty(),
                0,
                List.of(),
                List.of(),
                List.of(),
                history);
    }
}
