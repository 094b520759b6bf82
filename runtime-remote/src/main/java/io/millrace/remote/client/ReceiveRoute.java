package io.millrace.remote.client;

import io.millrace.graph.InputSource;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.IncomingEdge;
import io.millrace.remote.link.IncomingListener;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.Stall;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An edge from an output to the application: a subscription's, or a tap's. Used by the agenda's thread, but for what says otherwise. */
final class ReceiveRoute {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveRoute.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
    /** That no more is wanted, while the job runs: masters and executors may have to find each other first. */
    private static final int FINISH_TRIES = 5;

    private final AppRoutes routes;
    private final InputSource.OutputRef output;
    private final SubscribeOptions options;
    private final boolean keepsOpen;
    private final WakeSignal reader;
    private final EdgeSignal signal;
    private final Edge ring;
    private final CompletableFuture<@Nullable Void> attached = new CompletableFuture<>();
    private @Nullable IncomingEdge incoming;
    private @Nullable EdgeSession session;
    private @Nullable PartPlace place; // of the part that it comes from
    private boolean hasMoved; // from there, with all that was sent there; it goes on elsewhere
    private boolean isFinishing; // no more is wanted
    private String told = ""; // why nothing comes

    // What was counted at executors; the link's thread.
    private long droppedBefore; // by sessions before this one
    private long fullBeforeNs;
    private @Nullable IncomingListener counting; // of the session that counts

    // Read by any thread.
    private volatile boolean isOver;
    private volatile long droppedElsewhere;
    private volatile long fullElsewhereNs;
    private volatile Reader who = Reader.UNKNOWN;

    /** Who reads the ring. */
    interface Reader {
        Reader UNKNOWN = List::of;

        /** Where its thread stands. Any thread. */
        List<StackTraceElement> stack();

        /** What was counted in all where the messages come from. The link's thread. */
        default void onCounted(long dropped, long fullNs) {}

        /** Not all will come that was sent. The link's thread, before the ring is closed. */
        default void onLost(OutputLostException why) {}
    }

    /** @param reader how who reads learns of messages */
    ReceiveRoute(
            AppRoutes routes,
            InputSource.OutputRef output,
            SubscribeOptions options,
            boolean keepsOpen,
            WakeSignal reader) {
        this.routes = routes;
        this.output = output;
        this.options = options;
        this.keepsOpen = keepsOpen;
        this.reader = reader;
        this.signal = routes.hub().newSignal();
        this.ring = Edge.create(
                options.policy(),
                options.queueSize(),
                reader,
                signal.wake(),
                RingChoice.AUTOMATIC,
                () -> LOG.warn(
                        "the application is slower than output '{}' sends: messages for it are dropped", output));
    }

    Edge ring() {
        return ring;
    }

    /** Before it begins. */
    void readBy(Reader reading) {
        who = reading;
    }

    /** How many messages gave way before they came here. Any thread. */
    long droppedElsewhere() {
        return droppedElsewhere;
    }

    Stall.Holder holder() {
        return keepsOpen ? Stall.Holder.SUBSCRIPTION : Stall.Holder.TAP;
    }

    String output() {
        return output.toString();
    }

    /** Whether messages wait in it, so that it may be this which holds the node up. Any thread. */
    boolean isHolding() {
        return !isOver && ring.backlog() > 0;
    }

    List<StackTraceElement> stack() {
        return who.stack();
    }

    /** Completes when the node has taken notice, or nothing will come, or not yet. */
    CompletableFuture<@Nullable Void> attached() {
        return attached;
    }

    /** Whether nothing comes any more, and nobody may have closed the ring. Any thread. */
    boolean isOver() {
        return isOver;
    }

    void follow(JobView view) {
        if (isOver) {
            return;
        }
        Optional<PartPlace> now = AppRoutes.place(view, output.node());
        if (now.isPresent()) {
            if (place == null || place.epoch() != now.get().epoch()) {
                connect(now.get());
            }
        } else if (place == null || hasMoved) {
            followNowhere();
        }
    }

    /** The part is over, and so is this; or it is still to be opened, here or elsewhere, and then it is connected. */
    private void followNowhere() {
        if (routes.hasEnded(output.node())) {
            end();
        } else if (place == null) {
            tell("node '" + output.node() + "' is not open yet");
            attached.complete(null);
        }
    }

    private void connect(PartPlace to) {
        if (incoming != null) {
            incoming.close();
        }
        place = to;
        hasMoved = false;
        EdgeSession made = routes.receiving(output.toString(), to.epoch());
        session = made;
        incoming =
                routes.hub().receive(made, AppRoutes.peer(to), ring, signal, OptionalLong.empty(), new Session(made));
        ask(to, made);
    }

    /** May be asked again with the same session. */
    private void ask(PartPlace to, EdgeSession asked) {
        Question.Subscribe wanted = new Question.Subscribe(
                asked,
                output.toString(),
                options.policy(),
                options.queueSize(),
                keepsOpen,
                routes.self().name(),
                routes.self().instance());
        routes.ask(to, wanted).whenComplete((answer, error) -> {
            if (isOver || !asked.equals(session)) {
                return;
            }
            if (answer instanceof Question.Answer.Done) {
                tell("");
            } else if (answer instanceof Question.Answer.Closed) {
                end();
            } else {
                tell(answer instanceof Question.Answer.Nothing nothing ? nothing.reason() : String.valueOf(error));
                askAgainLater(to, asked);
            }
            attached.complete(null);
        });
    }

    /** Once for each reason. */
    private void tell(String reason) {
        if (reason.equals(told)) {
            return;
        }
        told = reason;
        if (reason.isEmpty()) {
            LOG.info("output '{}' is received now", output);
        } else {
            LOG.warn("output '{}' is not received yet: {}", output, reason);
        }
    }

    private void askAgainLater(PartPlace to, EdgeSession asked) {
        routes.agenda().after(BETWEEN_QUESTIONS, () -> {
            if (isOver || !asked.equals(session)) {
                return;
            }
            if (routes.hasEnded(output.node())) {
                lose("it has ended, and before that was not received: " + told);
            } else if (routes.placeOf(output.node()).filter(to::equals).isPresent()) {
                ask(to, asked);
            } else {
                askAgainLater(to, asked);
            }
        });
    }

    /** Told of one session, on the link's thread. */
    private final class Session implements IncomingListener {
        private final EdgeSession of;

        Session(EdgeSession of) {
            this.of = of;
        }

        @Override
        public void onCounted(long dropped, long fullNs) {
            if (counting != this) {
                counting = this;
                droppedBefore = droppedElsewhere;
                fullBeforeNs = fullElsewhereNs;
            }
            droppedElsewhere = droppedBefore + dropped;
            fullElsewhereNs = fullBeforeNs + fullNs;
            who.onCounted(droppedElsewhere, fullElsewhereNs);
        }

        @Override
        public void onLost(String reason) {
            ReceiveRoute.this.onLost(reason);
        }

        @Override
        public void onEnded(Ending ending, String reason) {
            if (ending.closesRings()) {
                over();
            } else if (ending == Ending.DETACHED) {
                routes.agenda().execute(() -> onMoved(of));
            }
        }
    }

    private void onMoved(EdgeSession left) {
        if (left.equals(session) && !isOver) {
            hasMoved = true;
            if (isFinishing || routes.hasEnded(output.node())) {
                end();
            }
        }
    }

    private void over() {
        isOver = true;
        attached.complete(null);
        reader.signal();
        routes.agenda().execute(() -> {
            incoming = null;
            routes.forget(this);
        });
    }

    /** What was sent before still comes. Any thread. */
    void finish() {
        routes.agenda().execute(() -> {
            isFinishing = true;
            finish(FINISH_TRIES);
        });
    }

    private void finish(int tries) {
        PartPlace from = place;
        EdgeSession open = session;
        if (from == null || open == null || hasMoved || isOver) {
            end();
            return;
        }
        routes.ask(from, new Question.Unsubscribe(open)).whenComplete((answer, error) -> {
            if (answer instanceof Question.Answer.Done) {
                return;
            }
            if (tries > 1 && !routes.isJobOver()) {
                routes.agenda().after(BETWEEN_QUESTIONS, () -> finish(tries - 1));
            } else {
                lose("machine '" + from.machineId() + "' has not heard that no more is wanted: "
                        + (answer instanceof Question.Answer.Nothing nothing
                                ? nothing.reason()
                                : String.valueOf(error)));
            }
        });
    }

    /** The job has been over for so long that nothing comes any more. */
    void endWithJob() {
        lose("its job has ended, and nobody has said that all of it has come");
    }

    /** Nothing comes any more, though it was not said that this was all. */
    private void lose(String reason) {
        if (session != null && !hasMoved && !isOver) {
            onLost(reason);
        }
        end();
    }

    /** Any thread. */
    private void onLost(String reason) {
        LOG.warn("output '{}' is not received any more: {}", output, reason);
        who.onLost(new OutputLostException("output '" + output + "' is not received any more: " + reason));
    }

    /** Nothing comes any more. */
    void end() {
        if (incoming != null) {
            incoming.close();
        }
        routes.hub().execute(() -> ring.writer().close());
        over();
    }
}
