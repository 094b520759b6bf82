package io.millrace.remote.link;

import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;

/** What a {@link FrameReader} has read and found well-formed. Everything may throw a {@link ProtocolViolation}. */
interface FrameHandler {
    /**
     * A frame of the stream begins.
     *
     * @return whether it is new; else it is passed over
     */
    boolean onStreamFrame(int length);

    /** It was handed over whole, or passed over. */
    void onStreamFrameEnd(int length);

    void onResume(Resume resume);

    void onStart(long position);

    void onAck(long position);

    void onOpen(int channel, EdgeSession session);

    void onGrant(int channel, int flags, long messages, long bytes, boolean isFirst);

    /** Records, one behind the other. */
    void onData(int channel, int sequence, ByteBuffer in, int recordsAt, int length);

    void onBegin(int channel, int sequence, ByteBuffer in, int headerAt, int bodyLength);

    /** Its bytes follow, in one or more pieces. */
    void onFragment(int channel, int offset, int length);

    void onFragmentBytes(ByteBuffer in, int at, int count);

    void onNotice(int channel, Notice notice);

    void onClose(int channel, Ending ending, String reason);

    void onCancel(int channel, Ending ending, String reason);

    void onClosed(int channel);

    /**
     * The first frame of each end on a connection.
     *
     * @param connection a number that the end that dialled has chosen
     * @param lost the connection that this end had before and has given up; 0 for none
     * @param stream this end's stream
     * @param peerStream the other end's stream as this end knows it; 0 for none
     * @param received how much of that has arrived
     */
    record Resume(long connection, long lost, long stream, long peerStream, long received) {}
}
