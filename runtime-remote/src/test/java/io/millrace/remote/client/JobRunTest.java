package io.millrace.remote.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.LogLines;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JobRunTest {
    private static final JobView RUNNING = new JobView(
            "j1", "flow", 7, JobState.RUNNING, true, Optional.empty(), 0, List.of(), List.of(), List.of(), List.of());

    private final Agenda agenda = new Agenda("test").start();
    private final ClusterClient client = new ClusterClient(agenda, Duration.ofSeconds(30));

    @RegisterExtension
    final LogLines warnings = new LogLines("io.millrace.remote.client");

    @AfterEach
    void end() {
        client.close();
        agenda.close();
    }

    @Test
    void shouldSayNothingWhenTheClientIsClosedThatHasAsked() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        client.use(request -> {
            asked.countDown();
            return true;
        });
        JobRun run = new JobRun(client, Runnable::run, RUNNING);
        agenda.execute(client::onConnected);
        run.begin(null);
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

        client.close();
        agenda.close();

        assertThat(run.completion()).isCompletedExceptionally();
        assertThat(warnings.count(".*cannot be watched.*")).isZero();
    }

    @Test
    void shouldEndTheWaitingWhenTheMastersDoNotKnowTheJobAnyMore() {
        client.use(request -> {
            if (request instanceof ClientRequest.Watch watch) {
                agenda.execute(() -> client.onMessage(new ClientReply.Failed(
                        watch.request(), ClientReply.Reason.UNKNOWN, "there is no job 'j1'", List.of())));
            }
            return true;
        });
        JobRun run = new JobRun(client, Runnable::run, RUNNING);
        agenda.execute(client::onConnected);

        run.begin(null);

        assertThatThrownBy(() -> run.completion().get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("there is no job 'j1'");
        assertThat(run.started()).isCompletedExceptionally();
    }
}
