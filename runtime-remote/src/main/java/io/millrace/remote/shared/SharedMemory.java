package io.millrace.remote.shared;

import io.millrace.graph.GraphInput;
import io.millrace.local.edge.MappedEdge;
import io.millrace.local.shared.SharedDirectory;
import io.millrace.local.shared.SharedFiles;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.RecordCodec;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an executor shares with others of its host: makes the ends of edges that go over it. Any thread.
 *
 * <p>Each such edge has two sessions of its own on the link of the two executors, one each way, for what the ends have to tell each other; so it lives and ends as an edge over the link does.
 */
public final class SharedMemory {
    /** The longest ring that is shared. */
    static final int MAX_RING_BYTES = 64 << 20;

    private static final int MAX_EDGE_NAME = 1024;
    private static final int MAX_QUEUE_SIZE = 1 << 18;

    private static final Pattern INSTEAD = Pattern.compile("(.*) \\(([0-9]{1,9})\\)");

    private final SharedDirectory directory;
    private final LinkHub hub;
    private final RecordCodec<ControlMessage> codec =
            RecordCodec.of(ControlMessage.class, MethodHandles.lookup(), RecordCodec.Limits.MESSAGE);
    private final SecureRandom random = new SecureRandom();

    public SharedMemory(SharedDirectory directory, LinkHub hub) {
        this.directory = directory;
        this.hub = hub;
    }

    /** Whether an edge into this input could go over shared memory: it is not too long. */
    public static boolean isFor(GraphInput input, String edge) {
        return edge.length() <= MAX_EDGE_NAME
                && input.queueSize() <= MAX_QUEUE_SIZE
                && MappedEdge.bytes(input.policy(), input.queueSize()) <= MAX_RING_BYTES;
    }

    /** Whether it is shared with this executor. Waits for the file system. */
    public boolean isSharedWith(LinkPeer peer) {
        return directory.isSharedWith(peer.instance());
    }

    /** The session for what follows where shared memory was given up for an edge: other shared memory, or messages over the link. */
    public static EdgeSession insteadOf(EdgeSession session) {
        Matcher former = INSTEAD.matcher(session.edge());
        if (!former.matches()) {
            return named(session, " (2)");
        }
        String next = former.group(1) + " (" + (Integer.parseInt(former.group(2)) + 1) + ")";
        return new EdgeSession(session.jobId(), next, session.producerEpoch(), session.consumerEpoch());
    }

    static EdgeSession toConsumer(EdgeSession session) {
        return named(session, " (shared)");
    }

    static EdgeSession toProducer(EdgeSession session) {
        EdgeSession back = named(session, " (shared, back)");
        return new EdgeSession(back.jobId(), back.edge(), session.consumerEpoch(), session.producerEpoch());
    }

    private static EdgeSession named(EdgeSession session, String suffix) {
        return new EdgeSession(
                session.jobId(), session.edge() + suffix, session.producerEpoch(), session.consumerEpoch());
    }

    /**
     * The producer's end of an edge, which is offered to the consumer's.
     *
     * @param agenda where all that follows is done, and the owner told
     * @throws IOException if there is no memory for it
     */
    public SharedOutput offer(
            EdgeSession session, LinkPeer peer, GraphInput input, Executor agenda, SharedOutput.Owner owner)
            throws IOException {
        EdgeFiles files = new EdgeFiles(
                directory.files(),
                Long.toHexString(random.nextLong()),
                new SharedFiles.Token(random.nextLong(), random.nextLong()));
        SharedRing ring = SharedRing.create(files, input.policy(), input.queueSize(), random.nextLong());
        return new SharedOutput(hub, codec, session, peer, ring, files, agenda, owner);
    }

    /** The consumer's end of an edge, which waits for an offer. As {@link #offer}. */
    public SharedInput expect(
            EdgeSession session, LinkPeer peer, GraphInput input, Executor agenda, SharedInput.Owner owner) {
        return new SharedInput(hub, codec, session, peer, input, agenda, owner, this);
    }

    Optional<SharedFiles> filesOf(LinkPeer peer) {
        return directory.filesOf(peer.instance());
    }
}
