package io.millrace.testkit;

import io.millrace.graph.InputSource;
import io.millrace.node.Input;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** One input of the code under test, with what its producer would know of it. Used by the test's thread only. */
final class TestInput implements Input {
    private final String id;
    private final int index;
    private final String name;
    private final InputSource source;
    /** Records that an operator was offered and has not taken. */
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();

    private final RetainedRecords retained;

    /** Whether its closing was said; the code under test may still have messages to take before it is told. */
    private boolean endOfFeed;
    /** Whether the code under test was told. */
    private boolean closed;

    private int incarnation;
    private long nextSequence;

    TestInput(String id, int index, String name, InputSource source) {
        this.id = id;
        this.index = index;
        this.name = name;
        this.source = source;
        this.retained = new RetainedRecords(name);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String source() {
        return source.toString();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    InputSource from() {
        return source;
    }

    boolean isData() {
        return !(source instanceof InputSource.Timer);
    }

    boolean isFedBy(String node) {
        return source instanceof InputSource.OutputRef ref && ref.node().equals(node);
    }

    void closed(boolean isClosed) {
        closed = isClosed;
    }

    boolean isEndOfFeed() {
        return endOfFeed;
    }

    void endOfFeed(boolean isEnd) {
        endOfFeed = isEnd;
    }

    RetainedRecords retained() {
        return retained;
    }

    ArrayDeque<ByteBuffer> waiting() {
        return waiting;
    }

    int incarnation() {
        return incarnation;
    }

    long takeSequence() {
        return nextSequence++;
    }

    void producerRestarted() {
        incarnation++;
        nextSequence = 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
