package io.millrace.local.isolated;

import io.millrace.node.Input;

/** An input as the node's JVM knows it. Changed by the node's thread only. */
final class RemoteInput implements Input {
    private final String id;
    private final int index;
    private final String name;
    private final String source;
    private volatile boolean isClosed;

    RemoteInput(int index, PacketReader in) {
        this.index = index;
        this.id = in.text();
        this.name = in.text();
        this.source = in.text();
    }

    static void put(Packet out, Input input) {
        out.putText(input.id()).putText(input.name()).putText(input.source());
    }

    void setClosed(boolean closed) {
        if (isClosed != closed) {
            isClosed = closed;
        }
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
        return source;
    }

    @Override
    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public String toString() {
        return name;
    }
}
