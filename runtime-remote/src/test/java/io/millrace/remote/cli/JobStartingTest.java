package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.node.Clock;
import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.Job;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ctrl-C at moments that no user could choose. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JobStartingTest {
    private static final int SIGINT = 2;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final String TICKING = """
            name: begun
            nodes:
              - id: ticking
                class: io.millrace.remote.cli.nodes.Ticking
                inputs: {tick: dora/timer/millis/10}
                outputs: [numbers]
            """;

    private final Streams streams = new Streams();
    private final StopSignals signals = StopSignals.listen(signal -> {}, signal -> {});
    private TestCluster testCluster;
    private Cluster cluster;

    @BeforeEach
    void start() {
        testCluster = TestCluster.builder().executors("a").start();
        cluster = testCluster.client();
    }

    @AfterEach
    void close() {
        signals.close();
        testCluster.close();
    }

    private JobStarting starting() {
        return starting(cluster);
    }

    private JobStarting starting(Cluster asked) {
        return new JobStarting(
                asked,
                new JobOutcome(streams.console(), false, false),
                new Refusal(streams.console(), false),
                false,
                signal -> true,
                GRACE);
    }

    private Job submit(String flow) {
        return cluster.submit(Dataflow.parse(flow), StartOptions.DEFAULT, "begun");
    }

    private static int nobody(Job job) {
        throw new AssertionError("nobody is to follow " + job);
    }

    @Test
    void shouldStopTheJobWhenTheSignalComesWhileItIsHandedIn() throws Exception {
        int code = starting()
                .run(
                        signals,
                        "begun",
                        () -> {
                            signals.onSignal(SIGINT);
                            return submit(TICKING);
                        },
                        cluster::attach,
                        (job, running, until) -> nobody(job));

        assertThat(code).isEqualTo(130);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(streams.err())
                .matches("millrace: job 'begun' (was taken back before it ran|was asked to stop; 'millrace .*)\n");
        await().until(() -> cluster.jobs().stream().allMatch(job -> job.state().isFinal()));
    }

    @Test
    void shouldTakeTheJobBackWhenTheSignalComesBeforeItIsAttachedTo() throws Exception {
        int code = starting()
                .run(
                        signals,
                        "begun",
                        () -> submit(TICKING.replace("Ticking", "NeverOpen")),
                        id -> {
                            signals.onSignal(SIGINT);
                            return cluster.attach(id);
                        },
                        (job, running, until) -> nobody(job));

        assertThat(code).isEqualTo(130);
        assertThat(streams.err()).matches("millrace: job 'begun' \\(.*\\) was taken back before it ran\n");
        await().until(() -> cluster.job("begun").orElseThrow().state() == Job.State.STOPPED);
    }

    @Test
    void shouldSayThatTheJobMayRunWhenNoMasterIsThereToTakeItBack() throws Exception {
        HostPort master =
                new HostPort("127.0.0.1", testCluster.awaitLeader().address().getPort());
        ClusterConfig config = ClusterConfig.builder()
                .masters(List.of(master))
                .timeout(Duration.ofMillis(100))
                .build();
        try (Cluster impatient = Cluster.connect(config)) {
            int code = starting(impatient)
                    .run(
                            signals,
                            "begun",
                            () -> submit(TICKING),
                            id -> {
                                signals.onSignal(SIGINT);
                                testCluster.kill("m1");
                                return impatient.attach(id);
                            },
                            (job, running, until) -> nobody(job));

            assertThat(code).isEqualTo(130);
            assertThat(streams.err())
                    .contains("could not be taken back, for no master has answered, and may run: 'millrace list'");
        }
    }

    @Test
    void shouldStopTheJobInOrderWhenTheSignalComesBeforeAnybodyLooksOn() throws Exception {
        int code = starting().run(signals, "begun", () -> submit(TICKING), cluster::attach, (job, running, until) -> {
            until.onSignal(SIGINT);
            try (Progress progress = Progress.on(streams.console(), false)) {
                return new AttachedRun(running, progress, Clock.system(), signal -> true, GRACE)
                        .run(until)
                        .orElseThrow()
                        .exitCode();
            }
        });

        assertThat(code).isEqualTo(130);
        assertThat(streams.err()).contains("interrupted, stopping the job");
        assertThat(cluster.job("begun").orElseThrow().state()).isEqualTo(Job.State.STOPPED);
    }
}
