package io.millrace.local.program;

import io.millrace.local.code.ProgramException;
import io.millrace.local.dora.FrameWriter;
import io.millrace.local.dora.NotCarriedException;
import io.millrace.local.dora.Payload;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.dora.Registration;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.Request;
import io.millrace.local.waiting.SelectorWaiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program says over its connections, and what it is answered: the state of the conversation between one run of a program and its node. Which connection is for
 * what is not announced, but shows from what is asked on it. Used by the node's thread.
 *
 * <pre>
 *   events     Register, Subscribe ... NextEvent, NextEvent ...
 *   closing    Register ... EventStreamDropped
 *   control    Register, SendMessage ... CloseOutputs, OutputsDone
 * </pre>
 */
final class ProgramSession {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramSession.class);

    /** Of one connection, before the others have their turn. */
    private static final int FRAMES_A_TURN = 64;

    /** Versions to come may ask for more than those we know; what is far beyond is no request. */
    private static final long LAST_OF_LATER_VERSIONS = 31;

    private final UUID dataflow;
    private final String nodeId;
    private final ProgramOutputs outputs;
    private final EventFeed feed;
    private final SelectorWaiting waiting;
    private final boolean mayBeSucceeded;
    private @Nullable NodeConnection subscriber;
    private @Nullable NodeConnection newcomer;
    private boolean isRunning;
    private boolean isSubscriptionAnswered;
    private boolean areOutputsDone;
    private final FirstOfKind refusals = new FirstOfKind();
    private final FirstOfKind complaints = new FirstOfKind();
    private String complaint = "";

    /** @param mayBeSucceeded whether another program may come while the one before is not known to be gone */
    ProgramSession(
            UUID dataflow,
            String nodeId,
            ProgramOutputs outputs,
            EventFeed feed,
            SelectorWaiting waiting,
            boolean mayBeSucceeded) {
        this.dataflow = dataflow;
        this.nodeId = nodeId;
        this.outputs = outputs;
        this.feed = feed;
        this.waiting = waiting;
        this.mayBeSucceeded = mayBeSucceeded;
    }

    /** Every node is open: whoever has subscribed is answered, and whoever does from now on at once. */
    void begin() throws IOException {
        isRunning = true;
        answerSubscription(null);
    }

    /** The dataflow does not start: whoever has subscribed is told why. */
    void abort(String why) throws IOException {
        answerSubscription(why);
    }

    private void answerSubscription(@Nullable String error) throws IOException {
        if (subscriber != null && !isSubscriptionAnswered && subscriber.isWritten()) {
            isSubscriptionAnswered = true;
            feed.onSubscribed();
            reply(subscriber, new Reply.Result(error));
        }
    }

    boolean isSubscribed() {
        return subscriber != null;
    }

    /** Whether the program has said that it neither sends nor wants anything any more. */
    boolean isOver() {
        return areOutputsDone && feed.isDropped();
    }

    /** Who has asked for the place of the program that has subscribed; null if nobody has, or is gone again. */
    @Nullable NodeConnection newcomer() {
        return newcomer == null || newcomer.isClosed() ? null : newcomer;
    }

    /** The program is gone: another one may come in its place, and the one that waits for that has come. */
    void succeed() throws IOException {
        NodeConnection next = newcomer();
        newcomer = null;
        subscriber = null;
        isSubscriptionAnswered = false;
        areOutputsDone = false;
        if (next != null) {
            subscribe(next);
        }
    }

    /** The program is there still. */
    void refuseNewcomer(String why) throws IOException {
        NodeConnection refused = newcomer();
        newcomer = null;
        if (refused != null) {
            reply(refused, new Reply.Result(why));
        }
    }

    /** What was refused again and again, and said once. */
    void logRepeats() {
        refusals.repeats().ifPresent(counts -> LOG.warn("node '{}': its program asked in all for {}", nodeId, counts));
        complaints
                .repeats()
                .ifPresent(counts -> LOG.warn("node '{}': connections that were turned away: {}", nodeId, counts));
    }

    /** What was wrong with a connection that was never registered; empty if nothing was. */
    String complaint() {
        return complaint;
    }

    /** Whether {@link #serve} would get anything done without a socket's being ready. */
    boolean hasWork(NodeConnection connection) {
        NodeConnection.HeldMessage held = connection.held();
        return held != null ? held.canSend() : isAnswerable(connection) && feed.hasAnswer();
    }

    /** Takes what a connection has sent, as far as there is room for it, and answers; returns how much that was. */
    int serve(NodeConnection connection) throws IOException {
        int count = retry(connection);
        try {
            for (ByteBuffer body = connection.next();
                    body != null;
                    body = count < FRAMES_A_TURN ? connection.next() : null) {
                if (count > 0) {
                    waiting.hurry();
                }
                take(connection, body);
                count++;
            }
        } catch (ProtocolException e) {
            onGarbage(connection, e);
        }
        if (isAnswerable(connection)) {
            count += answer(connection);
        }
        return count;
    }

    private boolean isAnswerable(NodeConnection connection) {
        return connection.isAsking() && connection.isWritten() && isSubscriptionAnswered;
    }

    /** Answers a program that asks on this connection, without a look at what it sends; false if there was nothing to say. */
    boolean relieve(NodeConnection connection) throws IOException {
        return isAnswerable(connection) && answer(connection) > 0;
    }

    private static int retry(NodeConnection connection) {
        NodeConnection.HeldMessage held = connection.held();
        if (held == null || !held.send()) {
            return 0;
        }
        connection.hold(null);
        return 1;
    }

    private int answer(NodeConnection connection) throws IOException {
        int count = feed.answer(connection);
        if (count > 0) {
            connection.setAsking(false);
            connection.flush();
        }
        return count;
    }

    private void take(NodeConnection connection, ByteBuffer body) throws IOException {
        if (!connection.isRegistered()) {
            register(connection, body);
            return;
        }
        Request request = connection.codec().decode(body);
        if (request instanceof Request.SendMessage message) {
            send(connection, message);
        } else if (request instanceof Request.NextEvent) {
            ask(connection);
        } else if (request.wantsReply()) {
            answerOther(connection, request);
        }
    }

    private void send(NodeConnection connection, Request.SendMessage message) {
        if (!isRunning) {
            throw new ProgramException("node '" + nodeId + "': its program sent on output '" + message.outputId()
                    + "' before every node was open; messages flow when its Subscribe is answered");
        }
        connection.hold(outputs.send(message));
        Payload payload = message.payload();
        if (payload != null && payload.length() > FrameWriter.COPIED_BYTES) {
            waiting.hurry(); // it takes longer to write than to wake somebody
        }
    }

    private void ask(NodeConnection connection) throws IOException {
        if (!isSubscriptionAnswered) {
            reply(connection, new Reply.Result("nothing can be asked for before Subscribe is answered"));
        } else if (connection != subscriber) { // bytes of an event stay only until the next answer is begun
            reply(connection, new Reply.Result("events are for the connection that has subscribed"));
        } else {
            connection.setAsking(true);
        }
    }

    private void answerOther(NodeConnection connection, Request request) throws IOException {
        if (request instanceof Request.Subscribe) {
            subscribe(connection);
        } else if (request instanceof Request.CloseOutputs closed) {
            outputs.close(closed.outputIds());
            reply(connection, Reply.Result.OK);
        } else if (request instanceof Request.OutputsDone) {
            areOutputsDone = true;
            outputs.closeAll();
            reply(connection, Reply.Result.OK);
        } else if (request instanceof Request.EventStreamDropped) {
            feed.drop();
            reply(connection, Reply.Result.OK);
        } else if (request instanceof Request.ExtensionLoad) {
            reply(connection, new Reply.ExtensionValue(null));
        } else {
            refuse(connection, request);
        }
    }

    private void refuse(NodeConnection connection, Request request) throws IOException {
        String what = request instanceof Request.Unknown unknown
                ? "request number " + Long.toUnsignedString(unknown.index())
                : request.getClass().getSimpleName();
        if (request instanceof Request.Unknown unknown && !isOfLaterVersion(unknown)) {
            throw new ProtocolException("expected a request of dora 1.x, found " + what);
        }
        if (refusals.isNew(what)) {
            LOG.warn("node '{}': its program asks for something that is not supported: {}", nodeId, what);
        }
        reply(connection, new Reply.Result("unsupported request: " + what));
    }

    private static boolean isOfLaterVersion(Request.Unknown unknown) {
        return unknown.index() >= 0 && unknown.index() <= LAST_OF_LATER_VERSIONS;
    }

    private void subscribe(NodeConnection connection) throws IOException {
        if (mayBeSucceeded && subscriber != null && subscriber != connection && newcomer() == null) {
            newcomer = connection;
            return;
        }
        if (subscriber != null) {
            reply(connection, new Reply.Result("node '" + nodeId + "' has subscribed before"));
            return;
        }
        if (outputs.isNodeDone()) {
            turnAway(
                    connection,
                    "node '" + nodeId + "' is done: a program before this one has closed its outputs, and it has no"
                            + " inputs; start the dataflow again, or give the node a restart_policy, under which outputs stay open"
                            + " for the next program");
            return;
        }
        subscriber = connection;
        if (isRunning) {
            answerSubscription(null);
        }
    }

    // The first frame.

    private void register(NodeConnection connection, ByteBuffer body) throws IOException {
        if (Registration.isOlderDora(body)) {
            complain(connection, Registration.OLDER_DORA); // it could not read an answer
            connection.close();
            return;
        }
        if (!(connection.codec().decode(body) instanceof Request.Register register)) {
            turnAway(connection, Registration.REGISTER_FIRST);
            return;
        }
        String fault = Registration.refusal(register)
                .orElseGet(() -> isForThisNode(register)
                        ? ""
                        : "expected node '" + nodeId + "' and the dataflow's id that its program is told, found node '"
                                + register.nodeId() + "' of dataflow " + register.dataflowId());
        if (!fault.isEmpty()) {
            turnAway(connection, fault);
            return;
        }
        connection.register();
        reply(connection, Reply.Result.OK);
    }

    private boolean isForThisNode(Request.Register register) {
        return register.dataflowId().equals(dataflow) && register.nodeId().equals(nodeId);
    }

    private void turnAway(NodeConnection connection, String why) throws IOException {
        complain(connection, why);
        reply(connection, new Reply.Result(why));
        connection.close();
    }

    /** Of one that is registered it is the program's failure; anybody could have opened another. */
    private void onGarbage(NodeConnection connection, ProtocolException e) throws IOException {
        String what = String.valueOf(e.getMessage());
        if (connection.isRegistered()) {
            connection.close();
            String did = e instanceof NotCarriedException ? "sent what no message carries" : "broke the protocol";
            throw new ProgramException("node '" + nodeId + "': its program " + did + ": " + what);
        }
        complain(connection, what);
        connection.close();
    }

    private void complain(NodeConnection connection, String what) {
        complaint = what;
        if (complaints.isNew(what)) {
            LOG.warn("node '{}': {} is turned away: {}", nodeId, connection, what);
        }
    }

    private static void reply(NodeConnection connection, Reply reply) throws IOException {
        ReplyCodec.encode(reply, connection.writer());
        connection.flush();
    }
}
