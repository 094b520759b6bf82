package io.millrace.remote.master;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Role;
import io.millrace.remote.log.MetadataLog;
import io.millrace.remote.state.ClusterState;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.ExecutorView;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobOptions;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Question;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterAgentTest {
    private static final LeaseSettings LONG = LeaseSettings.DEFAULT;
    private static final LeaseSettings SHORT = new LeaseSettings(
            Duration.ofMillis(300), Duration.ofMillis(100), Duration.ofMillis(1100), Duration.ofMillis(100));

    private static final int MANY_JOBS = 20;

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void shouldRegisterAnExecutorAndAnswerItsRenewals() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();

        MasterMessage.Registered registered = executor.await(MasterMessage.Registered.class);
        executor.send(new ExecutorMessage.Renew(7, List.of()));

        assertThat(registered.leaseMs()).isEqualTo(10_000);
        assertThat(registered.incarnation()).isEqualTo(1);
        assertThat(executor.await(MasterMessage.Desired.class).jobs()).isEmpty();
        assertThat(executor.await(MasterMessage.Renewed.class).number()).isEqualTo(7);
    }

    @Test
    void shouldLeadAJobThroughItsLife() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);
        Client client = client(masters.ports.get("m1"));

        client.send(new ClientRequest.Submit(1, submission("job")));
        String id = client.await(ClientReply.Job.class).job().jobId();
        client.send(new ClientRequest.Watch(2, id));
        await().atMost(60, TimeUnit.SECONDS).until(() -> client.stateOf("job") == JobState.RUNNING);
        client.send(new ClientRequest.AskParts(3, id, new Question.Status()));
        assertThat(client.await(ClientReply.Answers.class).answers())
                .singleElement()
                .satisfies(answer -> assertThat(answer.answer()).isInstanceOf(Question.Answer.Done.class));
        client.send(new ClientRequest.Stop(4, "job", 1000));

        await().atMost(60, TimeUnit.SECONDS).until(() -> client.stateOf("job") == JobState.STOPPED);
        await().atMost(60, TimeUnit.SECONDS).until(() -> executor.parts.isEmpty());
    }

    @Test
    void shouldGiveAnExecutorWhatItsPartNeeds() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);
        Client client = client(masters.ports.get("m1"));
        client.send(new ClientRequest.Submit(1, submission("job")));
        await().atMost(60, TimeUnit.SECONDS).until(() -> !executor.parts.isEmpty());
        PartId part = executor.parts.get(0).id();
        long epoch = executor.parts.get(0).epoch();

        executor.send(new ExecutorMessage.FetchPart(5, part, epoch));
        executor.send(new ExecutorMessage.FetchPart(6, part, epoch + 1));

        assertThat(executor.await(MasterMessage.PartContents.class).submission())
                .isEqualTo(submission("job"));
        assertThat(executor.await(MasterMessage.Unavailable.class).request()).isEqualTo(6);
    }

    @Test
    void shouldTakeWhatAnExecutorReportsWhenItIsMoreThanAnEntryTakes() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);
        Client client = client(masters.ports.get("m1"));
        for (int i = 0; i < MANY_JOBS; i++) {
            client.send(new ClientRequest.Submit(i, submission("job" + i)));
        }
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> executor.parts.size() == MANY_JOBS
                        && executor.parts.stream().allMatch(part -> part.state() == PartState.RUNNING));

        TestExecutor again = new TestExecutor(executor.identity, masters.ports.get("m1"));
        open.add(again);
        again.parts =
                executor.parts.stream().map(MasterAgentTest::withManyFailures).toList();
        assertThat(RecordCodec.of(ExecutorMessage.class).encode(new ExecutorMessage.Report(again.parts)))
                .hasSizeGreaterThan(MetadataLog.MAX_ENTRY_BYTES);
        again.register();

        assertThat(again.await(MasterMessage.Registered.class).incarnation()).isEqualTo(1);
        for (int i = 0; i < MANY_JOBS; i++) {
            String job = "job" + i;
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> client.job(job).failures().size() == PartReport.MAX_DETAILS);
        }
    }

    private static PartReport withManyFailures(PartReport part) {
        FailureRecord failure = new FailureRecord(
                "a", "java.lang.IllegalStateException", "m".repeat(4096), Collections.nCopies(64, "f".repeat(100)));
        return new PartReport(
                part.id(),
                part.epoch(),
                part.state(),
                List.of(),
                Collections.nCopies(200, failure),
                false,
                Map.of(),
                List.of("a"),
                Optional.empty());
    }

    @Test
    void shouldGiveTheCheckpointsOfAPartInSeveralAnswersWhenTheyAreManyBytes() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);
        Client client = client(masters.ports.get("m1"));
        List<String> nodes =
                IntStream.range(10, 50).mapToObj(number -> "n" + number).toList();
        client.send(new ClientRequest.Submit(
                1, submission("job", "id: " + String.join(", class: A}\n  - {id: ", nodes) + ", class: A")));
        await().atMost(60, TimeUnit.SECONDS).until(() -> !executor.parts.isEmpty());
        PartId part = executor.parts.get(0).id();
        long epoch = executor.parts.get(0).epoch();
        for (String node : nodes) {
            executor.send(new ExecutorMessage.StoreCheckpoint(0, part, epoch, node, new byte[64 << 10]));
        }
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> masters.agents
                                .get("m1")
                                .ask(state -> state.checkpoints(part, epoch))
                                .orElseThrow()
                                .size()
                        == nodes.size());

        TreeMap<String, byte[]> all = new TreeMap<>();
        int answers = 0;
        MasterMessage.Checkpoints answer;
        do {
            executor.forget();
            executor.send(new ExecutorMessage.FetchCheckpoints(5, part, epoch, all.isEmpty() ? "" : all.lastKey()));
            answer = executor.await(MasterMessage.Checkpoints.class);
            all.putAll(answer.checkpoints());
            answers++;
        } while (answer.hasMore());

        assertThat(all.keySet()).containsExactlyElementsOf(nodes);
        assertThat(answers).isEqualTo(2);
    }

    @Test
    void shouldAnswerForACheckpointAndSayWhenItIsBeyondALimit() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);
        Client client = client(masters.ports.get("m1"));
        client.send(new ClientRequest.Submit(1, submission("job")));
        await().atMost(60, TimeUnit.SECONDS).until(() -> !executor.parts.isEmpty());
        PartId part = executor.parts.get(0).id();
        long epoch = executor.parts.get(0).epoch();

        executor.send(new ExecutorMessage.StoreCheckpoint(3, part, epoch, "a", new byte[1]));
        assertThat(executor.await(MasterMessage.Stored.class)).isEqualTo(new MasterMessage.Stored(3, ""));
        executor.forget();
        executor.send(new ExecutorMessage.StoreCheckpoint(4, part, epoch - 1, "a", new byte[1]));
        assertThat(executor.await(MasterMessage.Stored.class)).isEqualTo(new MasterMessage.Stored(4, ""));
        executor.forget();
        executor.send(new ExecutorMessage.StoreCheckpoint(5, part, epoch, "a", new byte[(64 << 10) + 1]));

        assertThat(executor.await(MasterMessage.Stored.class))
                .isEqualTo(new MasterMessage.Stored(5, "a checkpoint of 'a' has 65537 bytes, expected at most 65536"));
    }

    @Test
    void shouldNotRunOutOfPatienceWhenTheClockOfTheNextLeaderIsAhead() throws Exception {
        TestMasters masters = masters(LONG, "m1", "m2", "m3");
        Client client = client(masters.ports.get("m1"));
        client.send(new ClientRequest.Submit(1, waiting("job", 600_000)));
        await().atMost(60, TimeUnit.SECONDS).until(() -> client.stateOf("job") == JobState.SUBMITTED);
        masters.aheadMs.put("m2", 3_600_000L);

        masters.log.lead("m2");
        masters.awaitLeader("m2");
        MasterAgent next = masters.agents.get("m2");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> next.ask(ClusterState::nowMs) >= System.currentTimeMillis() + 3_000_000);

        assertThat(next.ask(state -> state.jobView("job")).orElseThrow().state())
                .isEqualTo(JobState.SUBMITTED);
        assertThat(next.ask(ClusterState::nextDueMs)).isGreaterThan(next.ask(ClusterState::nowMs));
    }

    @Test
    void shouldGoOnWaitingWhereTheFormerLeaderWasWhenNothingElseHasHappened() throws Exception {
        TestMasters masters = masters(LONG, "m1", "m2", "m3");
        Client client = client(masters.ports.get("m1"));
        client.send(new ClientRequest.Submit(1, waiting("job", 600_000)));
        await().atMost(60, TimeUnit.SECONDS).until(() -> client.stateOf("job") == JobState.SUBMITTED);
        MasterAgent first = masters.agents.get("m1");
        long submittedMs = first.ask(ClusterState::nowMs);
        await().atMost(60, TimeUnit.SECONDS).until(() -> first.ask(ClusterState::nowMs) > submittedMs);
        long waitedMs = first.ask(ClusterState::nowMs) - submittedMs;

        masters.log.lead("m2");
        masters.awaitLeader("m2");

        long leftMs = masters.agents.get("m2").ask(state -> state.nextDueMs() - state.nowMs());
        assertThat(leftMs).isLessThanOrEqualTo(600_000 - waitedMs);
    }

    @Test
    void shouldSayThatAnAnswerIsTooLargeAndKeepTheConnection() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        Client client = client(masters.ports.get("m1"));
        String line = "x".repeat(3 << 20);
        for (String machine : List.of("boat", "shore")) {
            TestExecutor executor = executor(machine, masters.ports.get("m1")).register();
            executor.await(MasterMessage.Registered.class);
            executor.answer = new Question.Answer.Stalls(
                    Collections.nCopies(3, new Question.Held("holder", line, Duration.ZERO, List.of(), List.of())));
        }
        client.send(new ClientRequest.Submit(
                1,
                submission(
                        "job",
                        "id: a, class: A, deploy: {machine: boat}}\n  - {id: b, class: B, deploy: {machine: shore}")));
        await().atMost(60, TimeUnit.SECONDS).until(() -> client.stateOf("job") == JobState.RUNNING);

        client.send(new ClientRequest.AskParts(3, "job", new Question.Stalls()));

        assertThat(client.await(ClientReply.Failed.class)).satisfies(failed -> {
            assertThat(failed.request()).isEqualTo(3);
            assertThat(failed.code()).isEqualTo(ClientReply.Reason.LIMIT);
            assertThat(failed.reason()).matches("the answer has \\d+ bytes, and 16777216 can be sent at the most");
        });
        assertThat(client.stateOf("job")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldListJobsWithoutWhatBecameOfThem() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        Client client = client(masters.ports.get("m1"));
        executor("boat", masters.ports.get("m1")).register().await(MasterMessage.Registered.class);
        for (String name : List.of("one", "two")) {
            client.forget();
            client.send(new ClientRequest.Submit(1, submission(name)));
            client.await(ClientReply.Job.class);
        }

        client.send(new ClientRequest.ListJobs(3, 0));

        ClientReply.Jobs listed = client.await(ClientReply.Jobs.class);
        assertThat(listed.jobs()).extracting(JobView::name).containsExactly("one", "two");
        assertThat(listed.jobs()).allSatisfy(job -> assertThat(job.history()).isEmpty());
        assertThat(listed.next()).isEmpty();
    }

    @Test
    void shouldTellEveryoneWhoLeads() throws Exception {
        TestMasters masters = masters(LONG, "m1", "m2", "m3");
        Client client = client(masters.ports.get("m2"));
        TestExecutor executor = executor("boat", masters.ports.get("m3")).register();

        client.send(new ClientRequest.ListJobs(9, 0));

        ClientReply.NotLeading reply = client.await(ClientReply.NotLeading.class);
        assertThat(reply.request()).isEqualTo(9);
        assertThat(reply.masters().get(reply.leader()).name()).isEqualTo("m1");
        MasterMessage.NotLeading message = executor.await(MasterMessage.NotLeading.class);
        assertThat(message.masters().get(message.leader()).name()).isEqualTo("m1");
    }

    @Test
    void shouldGoOnWhereTheFormerLeaderWas() throws Exception {
        TestMasters masters = masters(LONG, "m1", "m2", "m3");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);
        Client client = client(masters.ports.get("m1"));
        client.send(new ClientRequest.Submit(1, submission("job")));
        await().atMost(60, TimeUnit.SECONDS).until(() -> client.jobOn(masters, "m1") == JobState.RUNNING);

        masters.log.lead("m2");
        masters.awaitLeader("m2");

        executor.await(MasterMessage.NotLeading.class);
        TestExecutor again = new TestExecutor(executor.identity, masters.ports.get("m2"));
        open.add(again);
        again.parts = executor.parts;
        again.register();
        assertThat(again.await(MasterMessage.Registered.class).incarnation()).isEqualTo(1);
        assertThat(again.await(MasterMessage.Desired.class).jobs()).hasSize(1);
    }

    @Test
    void shouldCountAnExecutorAsLostWhenItIsSilent() throws Exception {
        TestMasters masters = masters(SHORT, "m1");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);

        assertThat(executor.closed.get(60, TimeUnit.SECONDS)).contains("the lease has ended: register anew");

        Client client = client(masters.ports.get("m1"));
        client.send(new ClientRequest.ListExecutors(1));
        assertThat(client.await(ClientReply.Executors.class).executors())
                .singleElement()
                .satisfies(view -> assertThat(view.condition()).isEqualTo(ExecutorView.Condition.LOST));
    }

    @Test
    void shouldCountLeasesAnewWhenItBeginsToLead() throws Exception {
        TestMasters masters = masters(SHORT, "m1", "m2", "m3");
        TestExecutor executor = executor("boat", masters.ports.get("m1")).register();
        executor.await(MasterMessage.Registered.class);

        masters.log.lead("m2");
        masters.awaitLeader("m2");

        // Nobody registers with the second leader: so it is lost there as well, and not forgotten.
        Client client = client(masters.ports.get("m2"));
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            client.forget();
            client.send(new ClientRequest.ListExecutors(1));
            assertThat(client.await(ClientReply.Executors.class).executors())
                    .extracting(ExecutorView::condition)
                    .containsExactly(ExecutorView.Condition.LOST);
        });
    }

    @Test
    void shouldRefuseAMachineIdThatIsInUse() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        executor("boat", masters.ports.get("m1")).register().await(MasterMessage.Registered.class);

        TestExecutor second = executor("boat", masters.ports.get("m1")).register();

        assertThat(second.await(MasterMessage.Refused.class).reason())
                .startsWith("machine id 'boat' is in use by executor 'boat' (127.0.0.1:");
    }

    @Test
    void shouldLetAnExecutorInAtOnceWhenItsFormerProcessHasEnded() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor former = executor("boat", masters.ports.get("m1"));
        former.register().await(MasterMessage.Registered.class);

        TestExecutor successor = executor("boat", masters.ports.get("m1"));
        successor.register("boat", List.of("another", former.identity.instance()));

        assertThat(successor.await(MasterMessage.Registered.class).incarnation())
                .isEqualTo(2);
        assertThat(former.closed.get(60, TimeUnit.SECONDS)).contains("this process has ended");
    }

    @Test
    void shouldSayHowLongTheLeaseOfTheFormerStillIsWhenItsEndIsNotProven() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        TestExecutor former = executor("boat", masters.ports.get("m1"));
        former.register().await(MasterMessage.Registered.class);
        former.close();

        // Until the master has seen the former's connection end, it takes it for alive and says nothing of a lease.
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            TestExecutor successor = executor("boat", masters.ports.get("m1"));
            successor.register("boat", List.of("another"));
            MasterMessage.Refused refused = successor.await(MasterMessage.Refused.class);
            assertThat(refused.reason()).startsWith("machine id 'boat' is taken by an executor");
            assertThat(refused.leftMs()).isPositive();
        });
    }

    @Test
    void shouldRefuseAnExecutorThatRegistersAsAnother() throws Exception {
        TestMasters masters = masters(LONG, "m1");

        TestExecutor liar = executor("boat", masters.ports.get("m1")).register("shore");

        assertThat(liar.await(MasterMessage.Refused.class).reason())
                .isEqualTo("it said hello as 'boat', and registers another executor or process");
    }

    @Test
    void shouldCloseTheConnectionOfWhoSendsNoMessage() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        Client client = client(masters.ports.get("m1"));

        client.sendBytes("GET / HTTP/1.1".getBytes(UTF_8));

        assertThat(client.closed.get(60, TimeUnit.SECONDS)).contains("a message that is none");
    }

    @Test
    void shouldKeepArtifactsOnEveryMaster() throws Exception {
        TestMasters masters = masters(LONG, "m1", "m2", "m3");
        Client client = client(masters.ports.get("m1"));
        byte[] bytes = "a shipped file".getBytes(UTF_8);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));

        client.send(new ClientRequest.PutChunk(1, sha256, 0, bytes.length, bytes));
        assertThat(client.await(ClientReply.Held.class).isWhole()).isTrue();

        for (int port : masters.ports.values()) {
            TestExecutor executor = executor("boat", port);
            await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                executor.forget();
                executor.send(new ExecutorMessage.FetchChunk(1, sha256, 2));
                assertThat(executor.await(MasterMessage.Chunk.class).bytes())
                        .asString(UTF_8)
                        .isEqualTo("shipped file");
            });
        }
    }

    @Test
    void shouldSayWhatIsUnknown() throws Exception {
        TestMasters masters = masters(LONG, "m1");
        Client client = client(masters.ports.get("m1"));

        client.send(new ClientRequest.GetJob(3, "nothing"));

        assertThat(client.await(ClientReply.Failed.class))
                .isEqualTo(
                        new ClientReply.Failed(3, ClientReply.Reason.UNKNOWN, "there is no job 'nothing'", List.of()));
    }

    private TestMasters masters(LeaseSettings leases, String... names) throws Exception {
        TestMasters masters = new TestMasters(folder, leases, names);
        open.add(masters);
        return masters;
    }

    private TestExecutor executor(String machineId, int port) {
        TestExecutor executor = new TestExecutor(machineId, port);
        open.add(executor);
        return executor;
    }

    private Client client(int port) {
        Client client = new Client(port);
        open.add(client);
        return client;
    }

    private static Submission submission(String name) {
        return submission(name, "id: a, class: A, outputs: [x]}\n  - {id: b, class: B, inputs: {x: a/x}");
    }

    private static Submission submission(String name, String nodes) {
        return submission(name, nodes, 0);
    }

    /** For a machine that never comes. */
    private static Submission waiting(String name, long placeWaitMs) {
        return submission(name, "id: a, class: A, deploy: {machine: nowhere}", placeWaitMs);
    }

    private static Submission submission(String name, String nodes, long placeWaitMs) {
        String yaml = "name: " + name + "\nnodes:\n  - {" + nodes + "}\n";
        JobOptions options = new JobOptions(
                60_000,
                5_000,
                OptionalLong.empty(),
                "",
                OptionalInt.empty(),
                false,
                false,
                0,
                false,
                false,
                60_000,
                placeWaitMs);
        return new Submission(
                "id-of-" + name,
                name,
                GraphForm.of(Dataflow.parse(yaml).graph()),
                Optional.empty(),
                "/flows",
                Optional.empty(),
                List.of(),
                options);
    }

    private static final class Client extends TestPeer<ClientRequest, ClientReply> {
        Client(int port) {
            super(Identity.of("test", Role.CLIENT, "c"), port, ClientRequest.class, ClientReply.class);
        }

        JobView job(String name) throws Exception {
            forget();
            send(new ClientRequest.GetJob(100, name));
            return await(ClientReply.Job.class).job();
        }

        JobState stateOf(String name) throws Exception {
            return job(name).state();
        }

        JobState jobOn(TestMasters masters, String master) throws Exception {
            masters.awaitLeader(master);
            return stateOf("job");
        }
    }
}
