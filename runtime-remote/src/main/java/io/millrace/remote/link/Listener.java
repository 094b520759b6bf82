package io.millrace.remote.link;

import java.net.InetSocketAddress;

/** A bound address that accepts connections until it is closed. */
public interface Listener extends AutoCloseable {
    /** As bound: with the port that the system chose where 0 was asked for. */
    InetSocketAddress address();

    /** Accepts no more; connections that are open stay. Does not block; idempotent. */
    @Override
    void close();
}
