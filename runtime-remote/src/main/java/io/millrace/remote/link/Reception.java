package io.millrace.remote.link;

import io.millrace.layout.Padding;
import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What one connection brings, handed to its link and to the edges there. Passes over what a connection before has brought already. */
class Reception extends Padding implements FrameHandler {
    private static final int NOT_STARTED = -1;

    private final LinkConnection connection;
    private final Link link;
    private final LinkEdges edges;
    private long position = NOT_STARTED; // in the peer's stream
    private @Nullable IncomingEdge fragmentEdge;

    Reception(LinkConnection connection, Link link) {
        this.connection = connection;
        this.link = link;
        this.edges = link.edges();
    }

    @Override
    public void onResume(Resume resume) {
        if (connection.hasResumed()) {
            throw new ProtocolViolation("a second RESUME");
        }
        link.onResume(connection, resume);
    }

    @Override
    public void onStart(long start) {
        requireCurrent();
        if (position != NOT_STARTED || start < 0 || start > link.received()) {
            throw new ProtocolViolation("a START at " + start + " of a stream of which " + link.received()
                    + " bytes have arrived" + (position == NOT_STARTED ? "" : ", the second one"));
        }
        position = start;
    }

    @Override
    public void onAck(long arrived) {
        requireCurrent();
        link.onAcknowledged(arrived);
    }

    private void requireCurrent() {
        if (!link.isCurrent(connection) && !connection.isClosed()) {
            throw new ProtocolViolation("frames before the RESUME");
        }
    }

    @Override
    public boolean onStreamFrame(int length) {
        if (position == NOT_STARTED) {
            throw new ProtocolViolation("frames of the stream before the START");
        }
        if (!link.isCurrent(connection)) {
            return false; // it is being closed
        }
        boolean isNew = position >= link.received();
        if (!isNew && position + length > link.received()) {
            throw new ProtocolViolation("a stream that differs from the one before");
        }
        return isNew;
    }

    @Override
    public void onStreamFrameEnd(int length) {
        if (fragmentEdge != null) {
            IncomingEdge edge = fragmentEdge;
            fragmentEdge = null;
            edge.onFragmentEnd();
        }
        position += length;
        if (link.isCurrent(connection)) {
            link.onReceived(position);
        }
    }

    @Override
    public void onOpen(int channel, EdgeSession session) {
        edges.onOpen(channel, session);
    }

    @Override
    public void onGrant(int channel, int flags, long messages, long bytes, boolean isFirst) {
        edges.outgoing(channel).onGrant(flags, messages, bytes, isFirst);
    }

    @Override
    public void onData(int channel, int sequence, ByteBuffer in, int recordsAt, int length) {
        IncomingEdge edge = edges.incoming(channel);
        if (edge != null) {
            edge.onData(sequence, in, recordsAt, length);
        }
    }

    @Override
    public void onBegin(int channel, int sequence, ByteBuffer in, int headerAt, int bodyLength) {
        IncomingEdge edge = edges.incoming(channel);
        if (edge != null) {
            edge.onBegin(sequence, in, headerAt, bodyLength);
        }
    }

    @Override
    public void onFragment(int channel, int offset, int length) {
        IncomingEdge edge = edges.incoming(channel);
        fragmentEdge = edge != null && edge.onFragment(offset, length) ? edge : null;
    }

    @Override
    public void onFragmentBytes(ByteBuffer in, int at, int count) {
        if (fragmentEdge != null) {
            fragmentEdge.onFragmentBytes(in, at, count);
        }
    }

    @Override
    public void onNotice(int channel, Notice notice) {
        IncomingEdge edge = edges.incoming(channel);
        if (edge != null) {
            edge.onNotice(notice);
        }
    }

    @Override
    public void onClose(int channel, Ending ending, String reason) {
        edges.onClose(channel, ending, reason);
    }

    @Override
    public void onCancel(int channel, Ending ending, String reason) {
        edges.outgoing(channel).onCancel(ending, reason);
    }

    @Override
    public void onClosed(int channel) {
        edges.onClosed(channel);
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends Reception {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(LinkConnection connection, Link link) {
            super(connection, link);
        }
    }
}
