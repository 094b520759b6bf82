package io.millrace.testkit;

import io.millrace.layout.HybridClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The code under test, called by the rules of its kind: what it throws comes out as it is, after its {@code close} was called. Used by the test's
 * thread only.
 */
abstract sealed class Subject permits OperatorSubject, NodeSubject {
    private enum State {
        NEW,
        OPEN,
        ENDED,
        FAILED
    }

    protected final TestContext context;
    /** Of the node: times what it sends. */
    protected final HybridClock hybridClock;

    private State state = State.NEW;

    Subject(TestContext context, HybridClock hybridClock) {
        this.context = context;
        this.hybridClock = hybridClock;
    }

    /** Where a node with its own loop finds its events. */
    interface EventSource {
        long FOR_EVER = Long.MAX_VALUE;

        /** The next event, for which it waits so many nanoseconds. */
        @Nullable TestEvent await(long timeoutNs);

        /** Lets so many nanoseconds pass; false if the stop comes before. */
        boolean sleep(long durationNs);

        /** Whether nothing comes any more. */
        boolean isLastEventOut();

        /** Whether the next event is the stop, now. */
        boolean isStopDue();
    }

    /** User code. */
    interface Callback {
        void call() throws Exception;
    }

    /** Messages arrive together. */
    abstract void feed(TestInput to, List<ByteBuffer> records);

    /** Something happens. */
    abstract void accept(TestEvent event);

    /** Time passes. */
    abstract void advance(Duration step);

    /** Its loop, if it has one. */
    abstract void run();

    protected abstract void callOpen() throws Exception;

    protected abstract void callClose() throws Exception;

    final void open() {
        guarded(this::callOpen);
        state = State.OPEN;
        gate(RecordingOutput.Gate.OPEN);
    }

    /** Nothing more will happen to it: its outputs close, and it is closed. Idempotent. */
    final void end() {
        if (state != State.OPEN) {
            return;
        }
        state = State.ENDED;
        context.recordingOutputs().forEach(RecordingOutput::close);
        gate(RecordingOutput.Gate.NO_EFFECT);
        try {
            callClose();
        } catch (Throwable e) {
            throw Sneaky.rethrow(e);
        }
    }

    final boolean hasEnded() {
        return state == State.ENDED || state == State.FAILED;
    }

    final boolean hasFailed() {
        return state == State.FAILED;
    }

    final void checkHasNotEnded() {
        if (hasEnded()) {
            throw new IllegalStateException(
                    state == State.FAILED
                            ? "the code under test has failed: nothing more can happen to it"
                            : "the code under test has ended: nothing more can happen to it");
        }
    }

    /** Calls user code, and finds out if it has left a claim behind. */
    protected final void guarded(Callback callback) {
        try {
            hybridClock.update();
            callback.call();
            findOpenClaims();
        } catch (Throwable e) {
            fail(e);
            throw Sneaky.rethrow(e);
        }
    }

    private void findOpenClaims() {
        for (RecordingOutput output : context.recordingOutputs()) {
            if (output.hasOpenClaim()) {
                throw new IllegalStateException(
                        "output '" + output.name() + "': a claim was neither committed nor aborted");
            }
        }
    }

    private void fail(Throwable failure) {
        state = State.FAILED;
        context.recordingOutputs().forEach(RecordingOutput::close);
        gate(RecordingOutput.Gate.NO_EFFECT);
        try {
            callClose();
        } catch (Throwable e) {
            failure.addSuppressed(e);
        }
    }

    private void gate(RecordingOutput.Gate gate) {
        context.recordingOutputs().forEach(output -> output.gate(gate));
    }
}
