package io.millrace.remote.chaos;

import io.millrace.remote.ClusterException;
import io.millrace.remote.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One cluster, on which rounds are played. Used by one thread. */
final class ChaosRun implements AutoCloseable {
    static final Duration LEADER_WITHIN = Duration.ofSeconds(5);
    /** A pinned node that nothing was done to writes a line at least that often, on a machine that is loaded, too. */
    static final Duration LONGEST_GAP = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Map<String, String> PINNED =
            Map.of("counter", "a", "sink", "c", "ticker", "b", "tocker", "b", "harbour", "b");
    private static final List<String> SINKS = List.of("sink", "tocker", "harbour");

    private final ProcessCluster cluster;
    private final Traces traces;
    private final Job job;
    private final double scale;
    private final Set<String> excused = new HashSet<>();
    private long checkedJobsNs = System.nanoTime();
    private int jobs;
    private int failedAtStart;

    // Of one round.
    private List<String> broken = new ArrayList<>();
    private String what = "";

    /** @param scale of the times for which members are away: 1 is up to twelve seconds */
    ChaosRun(Path directory, double scale) throws IOException, InterruptedException {
        this.scale = scale;
        cluster = new ProcessCluster(directory);
        traces = new Traces(cluster.traces());
        try {
            job = cluster.begin();
            awaitFlow(System.nanoTime());
            awaitAcknowledged(0);
        } catch (RuntimeException | InterruptedException e) {
            cluster.kill();
            throw e;
        }
    }

    /** Plays one round: with the same seed it does the same, at the same moments after its beginning. */
    Round play(int number, Kind kind, long seed) throws IOException, InterruptedException {
        Random random = new Random(seed * 1_000_003 + number);
        broken = new ArrayList<>();
        what = "";
        long recoveryMs = -1;
        Map<String, String> before = pinned();
        SINKS.forEach(traces::takeLongestGapNs);
        try {
            sleep(scaled(random.nextInt(2_000)));
            recoveryMs = switch (kind) {
                case LEADER -> killLeader(random);
                case FOLLOWER -> killFollower(random);
                case EXECUTOR -> killExecutor(random);
                case CLIENT -> killClient(random);
                case CUT -> cut(random);
                case MASTERS -> killMasters(random);
                case PAUSE -> pause(random);
            };
            awaitFlow(System.nanoTime());
        } catch (IllegalStateException | ClusterException e) {
            broken.add(e.getMessage() + " (" + state() + ")");
        }
        if (kind != Kind.EXECUTOR && kind != Kind.PAUSE) {
            requireUndisturbed(before);
        }
        checkJobs();
        traces.readOn();
        broken.addAll(traces.takeBroken(excused));
        return new Round(number, kind, what, recoveryMs, broken);
    }

    private long scaled(int ms) {
        return (long) (ms * scale);
    }

    private static void sleep(long ms) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ms);
    }

    private static long msSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private String state() {
        try {
            return cluster.observer()
                            .job(job.id())
                            .map(known -> known.state() + " " + known.degraded() + " " + known.parts())
                            .orElse("gone")
                    + " " + cluster.observer().executors();
        } catch (ClusterException e) {
            return e.getMessage();
        }
    }

    // What is done.

    private MemberProcess leader() throws InterruptedException {
        Await.until(PATIENCE, "a leading master", () -> cluster.leader().isPresent());
        return cluster.leader().orElseThrow();
    }

    private long killLeader(Random random) throws InterruptedException {
        MemberProcess leader = leader();
        what = leader.name();
        long killed = leader.kill();
        long recovery = (nextLeadNs(killed) - killed) / 1_000_000;
        if (recovery > LEADER_WITHIN.toMillis()) {
            broken.add("a new leader came after " + recovery + " ms");
        }
        sleep(scaled(random.nextInt(3_000)));
        leader.start();
        awaitStarted(leader, killed);
        return recovery;
    }

    private long nextLeadNs(long sinceNs) throws InterruptedException {
        Await.until(PATIENCE, "a new leader", () -> leadsSince(sinceNs).isPresent());
        return leadsSince(sinceNs).orElseThrow().nanos();
    }

    private Optional<MemberProcess.Told> leadsSince(long nanos) {
        return cluster.masters().stream()
                .flatMap(master -> master.since(nanos, told -> told.text().equals("LEADS")).stream())
                .findFirst();
    }

    private static void awaitStarted(MemberProcess member, long sinceNs) throws InterruptedException {
        Await.until(PATIENCE, member.name() + " starts", () -> {
            if (!member.isAlive()) {
                throw new IllegalStateException(member.name() + " has not started");
            }
            return !member.since(sinceNs, told -> told.text().equals("STARTED")).isEmpty();
        });
    }

    private long killFollower(Random random) throws InterruptedException {
        String leader = leader().name();
        List<MemberProcess> others = cluster.masters().stream()
                .filter(master -> !master.name().equals(leader))
                .toList();
        MemberProcess follower = others.get(random.nextInt(others.size()));
        what = follower.name();
        long killed = follower.kill();
        cluster.observer().jobs();
        long recovery = msSince(killed);
        sleep(scaled(random.nextInt(3_000)));
        follower.start();
        awaitStarted(follower, killed);
        return recovery;
    }

    private long killExecutor(Random random) throws InterruptedException {
        MemberProcess executor =
                cluster.member(ProcessCluster.EXECUTORS.get(random.nextInt(ProcessCluster.EXECUTORS.size())));
        long awayMs = scaled(random.nextInt(12_000));
        what = executor.name() + " for " + awayMs + " ms";
        long killed = executor.kill();
        sleep(awayMs);
        executor.start();
        long started = System.nanoTime();
        awaitFlow(started);
        awaitStarted(executor, killed);
        return msSince(started);
    }

    private long killClient(Random random) throws InterruptedException {
        MemberProcess client = cluster.member(ProcessCluster.CLIENT);
        long awayMs = scaled(random.nextInt(2_000));
        what = "for " + awayMs + " ms";
        client.kill();
        sleep(awayMs);
        long started = System.nanoTime();
        client.start();
        awaitAcknowledged(started);
        return msSince(started);
    }

    private void awaitAcknowledged(long sinceNs) throws InterruptedException {
        MemberProcess client = cluster.member(ProcessCluster.CLIENT);
        Await.until(
                PATIENCE,
                "a job acknowledged to the client",
                () -> !client.since(sinceNs, told -> told.text().startsWith("ACK"))
                        .isEmpty());
    }

    private long cut(Random random) throws InterruptedException {
        List<String> all = new ArrayList<>(ProcessCluster.MASTERS);
        all.addAll(ProcessCluster.EXECUTORS);
        all.add(ProcessCluster.CLIENT);
        String one = all.remove(random.nextInt(all.size()));
        String other = all.remove(random.nextInt(all.size()));
        long cutMs = 500 + scaled(random.nextInt(11_500));
        what = one + " and " + other + " for " + cutMs + " ms";
        cluster.network().cut(one, other);
        sleep(cutMs);
        cluster.network().heal(one, other);
        long healed = System.nanoTime();
        awaitFlow(healed);
        return msSince(healed);
    }

    private long killMasters(Random random) throws InterruptedException {
        long awayMs = scaled(random.nextInt(8_000));
        what = "for " + awayMs + " ms";
        long killed = System.nanoTime();
        for (MemberProcess master : cluster.masters()) {
            master.kill();
        }
        sleep(awayMs);
        long started = System.nanoTime();
        cluster.masters().forEach(MemberProcess::start);
        for (MemberProcess master : cluster.masters()) {
            awaitStarted(master, killed);
        }
        nextLeadNs(killed);
        cluster.observer().jobs();
        awaitFlow(System.nanoTime());
        return msSince(started);
    }

    private long pause(Random random) throws IOException, InterruptedException {
        MemberProcess executor =
                cluster.member(ProcessCluster.EXECUTORS.get(random.nextInt(ProcessCluster.EXECUTORS.size())));
        long pauseMs = 500 + scaled(random.nextInt(11_500));
        what = executor.name() + " for " + pauseMs + " ms";
        traces.readOn();
        for (String node : List.of("relay", "rover")) {
            traces.livesOf(node).stream()
                    .filter(life -> life.pid() == executor.pid())
                    .forEach(life -> excused.add(life.id()));
        }
        executor.signal("STOP");
        sleep(pauseMs);
        executor.signal("CONT");
        long resumed = System.nanoTime();
        awaitFlow(resumed);
        return msSince(resumed);
    }

    /** Until every chain has brought what its source has sent after that moment. */
    private void awaitFlow(long sinceNs) throws InterruptedException {
        for (String sink : SINKS) {
            Await.until(PATIENCE, sink + " receives what is sent now", () -> {
                traces.readOn();
                return traces.hasNews(sink, sinceNs);
            });
        }
    }

    // What must hold.

    /** The newest incarnation of each pinned node. */
    private Map<String, String> pinned() {
        traces.readOn();
        Map<String, String> newest = new HashMap<>();
        for (String node : PINNED.keySet()) {
            List<Traces.Life> lives = traces.livesOf(node);
            newest.put(node, lives.get(lives.size() - 1).id());
        }
        return newest;
    }

    private void requireUndisturbed(Map<String, String> before) {
        Map<String, String> after = pinned();
        for (String node : PINNED.keySet()) {
            if (!before.get(node).equals(after.get(node))) {
                broken.add("the pinned node " + node + " was " + before.get(node) + " and is " + after.get(node));
            }
        }
        long gapMs = traces.takeLongestGapNs("tocker") / 1_000_000;
        if (gapMs > LONGEST_GAP.toMillis()) {
            broken.add("the pinned node tocker, whose source is on its machine, has received nothing for " + gapMs
                    + " ms");
        }
    }

    /** Every job that was acknowledged to the client since the last time is known, and has ended as it should or goes on. */
    private void checkJobs() {
        long nowNs = System.nanoTime();
        MemberProcess client = cluster.member(ProcessCluster.CLIENT);
        for (MemberProcess.Told told : client.since(checkedJobsNs, line -> line.nanos() <= nowNs)) {
            String[] words = told.text().split(" ");
            if (words[0].equals("ACK")) {
                jobs++;
                requireKnown(words[1]);
            } else if (words[0].equals("END") && !words[2].equals("FINISHED")) {
                requireReason(words[1], words[2]);
            }
        }
        checkedJobsNs = nowNs;
        requireKnown(job.id());
    }

    private void requireKnown(String id) {
        try {
            if (cluster.observer().job(id).isEmpty()) {
                broken.add("the acknowledged job " + id + " is lost");
            }
        } catch (ClusterException e) {
            broken.add("the masters cannot be asked for job " + id + ": " + e.getMessage());
        }
    }

    /** A job that was being started while members were lost may fail, with a reason. One that ran goes on. */
    private void requireReason(String id, String outcome) {
        boolean hasFailedAtStart = outcome.equals("FAILED")
                && cluster.observer()
                        .job(id)
                        .map(known -> !known.findings().isEmpty()
                                && known.history().stream().noneMatch(entry -> entry.state() == Job.State.RUNNING))
                        .orElse(false);
        if (hasFailedAtStart) {
            failedAtStart++;
        } else {
            broken.add("job " + id + " has ended " + outcome + ": " + history(id));
        }
    }

    private String history(String id) {
        return cluster.observer()
                .job(id)
                .map(known -> known.findings() + " " + known.failures() + " " + known.history())
                .orElse("gone");
    }

    /** How many messages were received and checked. */
    long messages() {
        return traces.received();
    }

    int incarnations() {
        return traces.incarnations();
    }

    /** Jobs that were acknowledged to the client. */
    int jobs() {
        return jobs;
    }

    /** Of these, those that failed with a reason before they ran. */
    int failedAtStart() {
        return failedAtStart;
    }

    /** Stops the dataflow, and all members in order: what went wrong with that. */
    List<String> end() throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        try {
            cluster.observer().stop(job.id(), Duration.ofSeconds(5));
            Await.until(
                    PATIENCE,
                    "the dataflow stops",
                    () -> cluster.observer().job(job.id()).orElseThrow().state().isFinal());
            Job.State last = cluster.observer().job(job.id()).orElseThrow().state();
            if (last != Job.State.STOPPED) {
                wrong.add("the dataflow has ended " + last + ": " + history(job.id()));
            }
        } catch (IllegalStateException | ClusterException e) {
            wrong.add(e.getMessage() + " (" + state() + ")");
        }
        wrong.addAll(cluster.close());
        traces.readOn();
        wrong.addAll(traces.takeBroken(excused));
        return wrong;
    }

    /** Kills what {@link #end} has left. */
    @Override
    public void close() {
        try {
            cluster.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
