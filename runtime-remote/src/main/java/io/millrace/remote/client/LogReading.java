package io.millrace.remote.client;

import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.CodeNames;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.slf4j.event.Level;

/** What the executors of one job hold of what its nodes have logged, each line once. One thread at a time. */
public final class LogReading {
    /** Of one {@link #next}: what is left comes with the one after. */
    private static final int MAX_ROUNDS = 64;

    private final ClusterClient client;
    private final String job;
    private final String node;
    private final Level lowest;
    private final Map<PartId, Long> seen = new HashMap<>(); // the last line of each
    private final Map<PartId, Map<String, Long>> told =
            new HashMap<>(); // lines of each node that were held, or known to be gone
    private boolean isOver;

    /** A line, and whose. */
    public record Told(String machineId, Question.Line line) {}

    /**
     * What is new.
     *
     * @param lines in the order of their times
     * @param lost of nodes and operators, how many lines are not held any more that were not told
     * @param silent executors that said nothing, and why
     */
    public record News(List<Told> lines, Map<String, Long> lost, Map<String, String> silent) {}

    /** @param node a node, or an operator of one; empty for all */
    public LogReading(ClusterClient client, String job, String node, Level lowest) {
        this.client = client;
        this.job = job;
        this.node = node;
        this.lowest = lowest;
    }

    /** Whether nothing follows: the job had ended when it was asked last. */
    public boolean isOver() {
        return isOver;
    }

    /**
     * Asks for what was not told yet. Blocks for the executors' answers.
     *
     * @throws RefusedException if there is no such job or node
     */
    public News next() {
        JobView view = ((ClientReply.Job)
                        Waits.forReply(client.ask(number -> new ClientRequest.GetJob(number, job)), client.timeout()))
                .job();
        checkNode(view);
        List<Told> lines = new ArrayList<>();
        Map<String, Long> lost = new TreeMap<>();
        Map<String, String> silent = new TreeMap<>();
        List<PartPlace> asked = places(view);
        for (int round = 0; !asked.isEmpty() && round < MAX_ROUNDS; round++) {
            asked = ask(asked, lines, lost, silent);
        }
        isOver = asked.isEmpty() && view.state().isFinal();
        lines.sort(Comparator.comparingLong((Told told) -> told.line().timeUs())
                .thenComparing(Told::machineId)
                .thenComparingLong(told -> told.line().number()));
        return new News(lines, lost, silent);
    }

    private String nodeId() {
        return CodeNames.nodeOf(node);
    }

    private void checkNode(JobView view) {
        Set<String> nodes = new TreeSet<>();
        view.parts().forEach(part -> nodes.addAll(part.place().nodes()));
        if (!node.isEmpty() && !nodes.isEmpty() && !nodes.contains(nodeId())) {
            throw new RefusedException(
                    ClientReply.Reason.UNKNOWN,
                    "job '" + view.name() + "' has no node '" + nodeId() + "' that is placed, only " + nodes,
                    List.of());
        }
    }

    private List<PartPlace> places(JobView view) {
        return view.parts().stream()
                .map(JobView.PartView::place)
                .filter(place -> node.isEmpty() || place.nodes().contains(nodeId()))
                .toList();
    }

    /** @return those that have more */
    private List<PartPlace> ask(
            List<PartPlace> places, List<Told> lines, Map<String, Long> lost, Map<String, String> silent) {
        Map<PartPlace, CompletionStage<Question.Answer>> answers = new LinkedHashMap<>();
        for (PartPlace place : places) {
            Question.Logs question = new Question.Logs(seen.getOrDefault(place.id(), 0L), node, lowest);
            answers.put(place, client.askPart(place.id(), question));
        }
        List<PartPlace> more = new ArrayList<>();
        answers.forEach((place, stage) -> {
            Question.Answer answer = Waits.forReply(stage, client.timeout());
            if (answer instanceof Question.Answer.Logs logs) {
                logs.lines().forEach(line -> lines.add(new Told(place.machineId(), line)));
                count(place.id(), logs.writers(), lost);
                seen.put(place.id(), logs.last());
                if (logs.hasMore()) {
                    more.add(place);
                }
            } else if (answer instanceof Question.Answer.Nothing nothing) {
                silent.put(place.machineId(), nothing.reason());
            }
        });
        return more;
    }

    /** What is gone, and was neither told nor counted before. */
    private void count(PartId part, List<Question.Answer.Writer> writers, Map<String, Long> lost) {
        Map<String, Long> before = told.computeIfAbsent(part, any -> new HashMap<>());
        for (Question.Answer.Writer writer : writers) {
            long missed = writer.gone() - before.getOrDefault(writer.part(), 0L);
            if (missed > 0) {
                lost.merge(writer.part(), missed, Long::sum);
            }
            before.put(writer.part(), writer.told());
        }
    }
}
