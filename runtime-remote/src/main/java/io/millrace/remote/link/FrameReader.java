package io.millrace.remote.link;

import io.millrace.remote.wire.EdgeSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds frames in what a connection brings, however it is cut, and trusts none of it. Frames are read where they stand; only one that is cut is put together first, but for the bytes of fragments, which are
 * handed on as they come. On the connection's event loop; no allocation but for texts.
 */
final class FrameReader {
    private final FrameHandler handler;
    private final ByteBuffer whole =
            ByteBuffer.allocateDirect(Frames.LONGEST_WHOLE).order(ByteOrder.LITTLE_ENDIAN);
    private int gathered; // bytes of a cut frame
    private int fragmentLength; // of the frame whose bytes come now
    private int fragmentLeft;
    private boolean isFragmentNew;

    FrameReader(FrameHandler handler) {
        this.handler = handler;
    }

    /**
     * @param in little-endian, read from {@code from} to {@code to}
     * @throws ProtocolViolation if this is not what a peer may send; then nothing more may be fed
     */
    void feed(ByteBuffer in, int from, int to) {
        int at = from;
        while (at < to) {
            if (fragmentLeft > 0) {
                at += passOn(in, at, to);
            } else if (gathered > 0) {
                at += gather(in, at, to);
            } else {
                at += readOrKeep(in, at, to);
            }
        }
    }

    private int passOn(ByteBuffer in, int at, int to) {
        int count = Math.min(fragmentLeft, to - at);
        if (isFragmentNew) {
            handler.onFragmentBytes(in, at, count);
        }
        fragmentLeft -= count;
        if (fragmentLeft == 0) {
            handler.onStreamFrameEnd(fragmentLength);
        }
        return count;
    }

    /** Reads a frame in place; or keeps what there is of it. */
    private int readOrKeep(ByteBuffer in, int at, int to) {
        int available = to - at;
        if (available >= Frames.HEADER_LENGTH) {
            int length = Frames.checkHeader(in, at);
            int needed = inOnePiece(in, at, length);
            if (available >= needed) {
                dispatch(in, at, length);
                return needed;
            }
        }
        whole.put(0, in, at, available);
        gathered = available;
        return available;
    }

    private int gather(ByteBuffer in, int at, int to) {
        int needed = Frames.HEADER_LENGTH;
        int length = 0;
        if (gathered >= Frames.HEADER_LENGTH) {
            length = Frames.checkHeader(whole, 0);
            needed = inOnePiece(whole, 0, length);
        }
        int count = Math.min(needed - gathered, to - at);
        whole.put(gathered, in, at, count);
        gathered += count;
        if (gathered == needed && length > 0) {
            gathered = 0;
            dispatch(whole, 0, length);
        }
        return count;
    }

    private static int inOnePiece(ByteBuffer in, int at, int length) {
        return Frames.type(in, at) == Frames.FRAGMENT ? Frames.BODY_OFFSET : length;
    }

    private void dispatch(ByteBuffer in, int at, int length) {
        int type = Frames.type(in, at);
        if (!Frames.isOfStream(type)) {
            onConnectionFrame(in, at, type);
            return;
        }
        boolean isNew = handler.onStreamFrame(length);
        if (type == Frames.FRAGMENT) {
            onFragment(in, at, length, isNew);
            return;
        }
        if (isNew) {
            onStreamFrame(in, at, length, type);
        }
        handler.onStreamFrameEnd(length);
    }

    private void onConnectionFrame(ByteBuffer in, int at, int type) {
        long first = in.getLong(at + 8);
        switch (type) {
            case Frames.RESUME ->
                handler.onResume(new FrameHandler.Resume(
                        first, in.getLong(at + 16), in.getLong(at + 24), in.getLong(at + 32), in.getLong(at + 40)));
            case Frames.START -> handler.onStart(first);
            default -> handler.onAck(first);
        }
    }

    private void onFragment(ByteBuffer in, int at, int length, boolean isNew) {
        isFragmentNew = isNew;
        fragmentLength = length;
        fragmentLeft = length - Frames.BODY_OFFSET;
        if (isNew) {
            handler.onFragment(channel(in, at), in.getInt(at + Frames.SEQUENCE_OFFSET), fragmentLeft);
        }
    }

    private void onStreamFrame(ByteBuffer in, int at, int length, int type) {
        int channel = channel(in, at);
        int second = in.getInt(at + Frames.SEQUENCE_OFFSET);
        int body = at + Frames.BODY_OFFSET;
        switch (type) {
            case Frames.DATA -> {
                int records = length - Frames.BODY_OFFSET;
                Frames.checkRecords(in, body, records);
                handler.onData(channel, second, in, body, records);
            }
            case Frames.BEGIN -> handler.onBegin(channel, second, in, body, Frames.checkReference(in, body));
            case Frames.OPEN -> handler.onOpen(channel, session(in, at, length));
            case Frames.ACCEPT, Frames.CREDIT ->
                handler.onGrant(channel, second, in.getLong(at + 16), in.getLong(at + 24), type == Frames.ACCEPT);
            case Frames.NOTICE -> handler.onNotice(channel, Texts.decode(in, at + 12, at + length));
            case Frames.CLOSE -> handler.onClose(channel, Ending.of(second & 0xFFFF), reason(in, at, length));
            case Frames.CANCEL -> handler.onCancel(channel, Ending.of(second & 0xFFFF), reason(in, at, length));
            default -> handler.onClosed(channel);
        }
    }

    private static int channel(ByteBuffer in, int at) {
        int channel = in.getInt(at + Frames.CHANNEL_OFFSET);
        if (channel < 0 || channel >= Frames.MAX_CHANNELS) {
            throw new ProtocolViolation("channel " + channel + ", expected 0 to " + (Frames.MAX_CHANNELS - 1));
        }
        return channel;
    }

    private static EdgeSession session(ByteBuffer in, int at, int length) {
        int job = Texts.unsigned(in, at + 12);
        int edge = Texts.unsigned(in, at + 14);
        if (Frames.OPEN_LENGTH + job + edge != length || job > Frames.MAX_JOB_BYTES || edge > Frames.MAX_EDGE_BYTES) {
            throw new ProtocolViolation(
                    "a session's opening of " + length + " bytes with names of " + job + " and " + edge + " bytes");
        }
        int names = at + Frames.OPEN_LENGTH;
        return new EdgeSession(
                Texts.read(in, names, job),
                Texts.read(in, names + job, edge),
                in.getLong(at + 16),
                in.getLong(at + 24));
    }

    private static String reason(ByteBuffer in, int at, int length) {
        int text = Texts.unsigned(in, at + 14);
        if (Frames.BODY_OFFSET + text != length) {
            throw new ProtocolViolation("a reason of " + text + " bytes in a frame of " + length);
        }
        return Texts.read(in, at + Frames.BODY_OFFSET, text);
    }
}
