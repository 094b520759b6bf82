package io.millrace.layout;

import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.RetainedMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Instant;

/** A retained message over a header of its own and a body that somebody keeps; whose that is, is its subclass's. Thread rules as in {@link RetainedMessage}. */
public abstract class RetainedView extends RetainedMessage {
    private static final VarHandle RELEASED;

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(RetainedView.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer header;
    private final ByteBuffer body;
    private final MessageView view = new MessageView();

    // Written once, by whoever releases first.
    @SuppressWarnings("UnusedVariable") // accessed through RELEASED only
    private boolean released;

    /**
     * @param header the record's, read-only, little-endian, from index 0; nobody writes it
     * @param body parameters and payload, read-only, little-endian, from index 0
     */
    protected RetainedView(ByteBuffer header, ByteBuffer body) {
        this.header = header;
        this.body = body;
        view.wrap(header, 0, body);
    }

    /** Called once, by the thread that released it first. */
    protected abstract void onRelease();

    protected final ByteBuffer header() {
        return header;
    }

    protected final ByteBuffer body() {
        return body;
    }

    @Override
    public final void release() {
        if (RELEASED.compareAndSet(this, false, true)) {
            onRelease();
        }
    }

    @Override
    public final boolean isReleased() {
        return (boolean) RELEASED.getAcquire(this);
    }

    /** @throws IllegalStateException if it was released */
    protected final MessageView valid() {
        if ((boolean) RELEASED.getOpaque(this)) {
            throw new IllegalStateException("this retained message is no longer valid: it was used after its release");
        }
        return view;
    }

    @Override
    public final ByteBuffer buffer() {
        return valid().buffer();
    }

    @Override
    public final int offset() {
        return valid().offset();
    }

    @Override
    public final int length() {
        return valid().length();
    }

    @Override
    public final byte getByte(int index) {
        return valid().getByte(index);
    }

    @Override
    public final short getShort(int index) {
        return valid().getShort(index);
    }

    @Override
    public final int getInt(int index) {
        return valid().getInt(index);
    }

    @Override
    public final long getLong(int index) {
        return valid().getLong(index);
    }

    @Override
    public final float getFloat(int index) {
        return valid().getFloat(index);
    }

    @Override
    public final double getDouble(int index) {
        return valid().getDouble(index);
    }

    @Override
    public final void getBytes(int index, byte[] target, int targetOffset, int count) {
        valid().getBytes(index, target, targetOffset, count);
    }

    @Override
    public final String getText(int index, int count) {
        return valid().getText(index, count);
    }

    @Override
    public final PayloadFormat format() {
        return valid().format();
    }

    @Override
    public final int formatCode() {
        return valid().formatCode();
    }

    @Override
    public final int incarnation() {
        return valid().incarnation();
    }

    @Override
    public final long sequence() {
        return valid().sequence();
    }

    @Override
    public final long timestamp() {
        return valid().timestamp();
    }

    @Override
    public final Instant time() {
        return valid().time();
    }

    @Override
    public final Parameters parameters() {
        return valid().parameters();
    }

    @Override
    public final boolean hasParameters() {
        return valid().hasParameters();
    }

    @Override
    public final String toString() {
        return isReleased() ? "retained message, released" : "retained " + view;
    }
}
