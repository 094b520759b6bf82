package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.files.MachineFiles;
import io.millrace.graph.Graph;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartFiles;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkSettings;
import io.millrace.remote.link.LinkStatus;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.NetworkSettings;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.Security;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.StartOptions;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.SearchPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PartSubscriptionsTest {
    private final Network network =
            Network.open(Identity.of("test", Role.EXECUTOR, "a"), Security.clear(), NetworkSettings.defaults());
    private final LinkHub hub = LinkHub.open(network, LinkSettings.defaults());

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        hub.close();
        network.close();
    }

    /** Of a source that has taken no notice of anything yet. */
    private LocalPart part() {
        Graph graph = Dataflow.parse("""
                        name: flow
                        nodes:
                          - {id: source, class: io.millrace.contract.nodes.Flood, outputs: [out]}
                        """).graph();
        ExecutorFacts executor = new ExecutorFacts(
                "a",
                MachineFiles.operatingSystem(),
                directory.toString(),
                directory.toString(),
                new SearchPath(Optional.empty(), List.of()),
                false,
                false,
                MachineFiles.view());
        JobFacts job = new JobFacts("job", directory.toString(), true, (node, written) -> Optional.empty());
        PartSpec spec = new PartSpec(
                graph,
                Set.of("source"),
                0,
                Map.of(),
                new PartFiles(job, executor),
                PartCheckpoints.NONE,
                new PartListener() {
                    @Override
                    public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {}

                    @Override
                    public void onNodeRestarted(String consumer, String restarted) {}
                });
        return LocalPart.prepare(spec, StartOptions.builder().build())
                .toCompletableFuture()
                .join();
    }

    private static Question.Subscribe subscribe(long number) {
        return new Question.Subscribe(
                new EdgeSession("job", "source/out -> application", 0, number),
                "source/out",
                QueuePolicy.BACKPRESSURE,
                10,
                false,
                "client",
                "00000000-0000-0000-0000-000000000001");
    }

    @Test
    void shouldKeepTheEdgeThatThereIsWhenAClientAsksAgain() throws Exception {
        LocalPart part = part();
        PartSubscriptions subscriptions = new PartSubscriptions(part, hub);

        CompletableFuture<Question.Answer> first =
                subscriptions.add(subscribe(1)).toCompletableFuture();
        CompletableFuture<Question.Answer> again =
                subscriptions.add(subscribe(1)).toCompletableFuture();
        subscriptions.add(subscribe(2));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> hub.links().stream().mapToInt(LinkStatus::sessions).sum() == 2);
        assertThat(first).as("before the node has taken notice").isNotDone();
        assertThat(first.get(30, TimeUnit.SECONDS)).as("after a while").isEqualTo(new Question.Answer.Done());
        assertThat(again.get(30, TimeUnit.SECONDS)).isEqualTo(new Question.Answer.Done());
        part.abandon().toCompletableFuture().join();
    }

    @Test
    void shouldLeaveNothingBehindWhenTheLinksAreClosed() {
        LocalPart part = part();
        PartSubscriptions subscriptions = new PartSubscriptions(part, hub);
        hub.close();

        assertThat(subscriptions.add(subscribe(1)))
                .isCompletedWithValueMatching(answer -> answer instanceof Question.Answer.Nothing nothing
                        && nothing.reason().endsWith("are closed"));
        assertThat(subscriptions.end(subscribe(1).session())).isInstanceOf(Question.Answer.Nothing.class);
        part.abandon().toCompletableFuture().join();
    }
}
