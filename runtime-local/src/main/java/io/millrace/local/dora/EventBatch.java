package io.millrace.local.dora;

/**
 * Events gathered for one reply, up to a size that a connection takes in one go. What does not fit any more waits for the next. Used by one thread.
 *
 * <pre>{@code
 * batch.begin();
 * while (there is an event && batch.offer(event)) { take it }
 * batch.end();
 * frame.writeTo(channel);
 * }</pre>
 */
public final class EventBatch {
    /** A reply with events of this size together takes no more: far below the frame's limit, and large enough for throughput. */
    public static final int MAX_BYTES = 1 << 20;

    /** A reply takes no more events than this. */
    public static final int MAX_COUNT = 1024;

    private final FrameWriter frame;
    private int count;

    /** @param frame what is filled */
    public EventBatch(FrameWriter frame) {
        this.frame = frame;
    }

    /** Forgets what was gathered, and what the frame holds. */
    public void begin() {
        frame.begin();
        count = 0;
    }

    /**
     * Adds an event if there is room. The first one fits always, unless it is too large for a frame of its own.
     *
     * @return false if the event was not added, and must wait for the next batch
     * @throws FrameTooLargeException if no frame can hold this event; the batch is as it was before
     * @throws IllegalArgumentException if a parameter of its cannot be sent; the batch is as it was before
     */
    public boolean offer(TimedEvent event) {
        if (isFull()) {
            return false;
        }
        PostcardWriter out = frame.postcard();
        int position = out.position();
        int payloads = frame.payloadCount();
        boolean isAdded = false;
        try {
            EventCodec.encode(event, frame, out);
            isAdded = fits();
        } finally {
            if (!isAdded) {
                frame.backTo(position, payloads);
            }
        }
        count += isAdded ? 1 : 0;
        return isAdded;
    }

    private boolean fits() {
        long bodyBytes = frame.bodyBytes() + headBytes(count + 1);
        if (count == 0 && bodyBytes > FrameReader.MAX_BODY_BYTES) {
            throw new FrameTooLargeException(bodyBytes);
        }
        return count == 0 || bodyBytes <= MAX_BYTES;
    }

    /** Whether no further event will be taken. */
    public boolean isFull() {
        return count >= MAX_COUNT || frame.bodyBytes() >= MAX_BYTES;
    }

    public int count() {
        return count;
    }

    /** Completes the frame, which is then ready to be written. A batch of no events tells the node that there will be no more. */
    public void end() {
        PostcardWriter out = frame.postcard();
        int bodyAt = FrameWriter.BODY_AT - headBytes(count);
        int end = out.position();
        out.position(bodyAt);
        out.varint(ReplyCodec.NEXT_EVENTS);
        out.varint(count);
        out.position(end);
        frame.end(bodyAt);
    }

    private static int headBytes(int count) {
        return 1 + PostcardWriter.varintBytes(count);
    }
}
