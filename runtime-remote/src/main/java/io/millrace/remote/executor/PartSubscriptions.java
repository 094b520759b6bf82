package io.millrace.remote.executor;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.run.LocalPart;
import io.millrace.local.run.OutputFeed;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingEdge;
import io.millrace.remote.link.Role;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.SubscribeOptions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What clients receive of a part's outputs: each an edge of its own, until it is closed by either end. They outlast the part until what it has sent has come. Any thread. */
final class PartSubscriptions {
    /** Each is an edge with memory of its own. */
    private static final int MAX_SUBSCRIPTIONS = 1024;

    private static final int LEAST_LOSSY = 256;

    /** A node that is busy with its own code for longer takes notice later: the edge is there all the same. */
    private static final long NOTICE_S = 5;

    private final LocalPart part;
    private final LinkHub hub;
    private final Map<EdgeSession, Attached> attached = new ConcurrentHashMap<>();

    /** @param outgoing once it leads to the client */
    private record Attached(OutputFeed edge, AtomicReference<OutgoingEdge> outgoing) {}

    PartSubscriptions(LocalPart part, LinkHub hub) {
        this.part = part;
        this.hub = hub;
    }

    /** Completes when the node has taken notice, or takes its time. Who asks again, as after a change of leaders, has what he has. The executor's agenda. */
    CompletionStage<Question.Answer> add(Question.Subscribe wanted) {
        Attached known = attached.get(wanted.session());
        if (known != null) {
            return answer(known.edge());
        }
        if (attached.size() >= MAX_SUBSCRIPTIONS) {
            return nothing("the part has " + MAX_SUBSCRIPTIONS + " subscriptions already");
        }
        EdgeSignal signal = hub.newSignal();
        AtomicReference<OutgoingEdge> outgoing = new AtomicReference<>();
        OutputFeed edge;
        try {
            edge = part.feed(wanted.output(), terms(wanted), wanted.keepsOpen(), signal.wake(), fresh -> {
                OutgoingEdge now = outgoing.get();
                if (now != null) {
                    now.replace(fresh);
                }
            });
        } catch (IllegalArgumentException e) { // no such output, or a queue size that no edge has
            return nothing(String.valueOf(e.getMessage()));
        }
        attached.put(wanted.session(), new Attached(edge, outgoing));
        LinkPeer client = new LinkPeer(Role.CLIENT, wanted.client(), wanted.instance(), Optional.empty());
        try {
            OutgoingEdge sending = hub.send(wanted.session(), client, edge.edge(), signal, (ending, reason) -> {
                attached.remove(wanted.session());
                edge.end();
            });
            sending.tellCounts();
            outgoing.set(sending);
        } catch (IllegalStateException e) { // the links are closed
            attached.remove(wanted.session());
            edge.end();
            edge.edge().reader().close();
            return nothing(String.valueOf(e.getMessage()));
        }
        return answer(edge);
    }

    private static CompletionStage<Question.Answer> answer(OutputFeed edge) {
        return edge.attached()
                .<Question.Answer>thenApply(
                        nothing -> edge.isLate() ? new Question.Answer.Closed() : new Question.Answer.Done())
                .toCompletableFuture()
                .completeOnTimeout(new Question.Answer.Done(), NOTICE_S, TimeUnit.SECONDS);
    }

    /** What gives way is to give way, and to be counted, at the client, where the policy is applied: so there is a little more room here, for bursts. */
    private static SubscribeOptions terms(Question.Subscribe wanted) {
        return wanted.policy() == QueuePolicy.BACKPRESSURE
                ? SubscribeOptions.backpressure(wanted.queueSize())
                : SubscribeOptions.dropOldest(Math.max(LEAST_LOSSY, wanted.queueSize()));
    }

    private static CompletionStage<Question.Answer> nothing(String reason) {
        return CompletableFuture.completedFuture(new Question.Answer.Nothing(reason));
    }

    Question.Answer end(EdgeSession session) {
        Attached ended = attached.get(session);
        if (ended == null) {
            return new Question.Answer.Nothing("there is no such subscription");
        }
        ended.edge().end();
        return new Question.Answer.Done();
    }

    /** The nodes go on elsewhere, and so do their clients, when what was sent here has come. The executor's agenda. */
    void detach() {
        attached.values().forEach(each -> {
            OutgoingEdge now = each.outgoing().get();
            if (now != null) {
                now.detachBehindLast();
            }
        });
    }
}
