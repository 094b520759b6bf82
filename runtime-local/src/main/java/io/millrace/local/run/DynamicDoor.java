package io.millrace.local.run;

import io.millrace.local.dora.NodeConfig;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port that a program asks which somebody has started by hand: it says which node it wants to be, and learns where that node is. Has a thread of its own while it is open. */
final class DynamicDoor {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicDoor.class);

    /** Where nodes of dora ask, unless their environment names another port. */
    static final int PORT = 53291;

    static final String PORT_VARIABLE = "DORA_DAEMON_LOCAL_LISTEN_PORT";

    private final String dataflow;
    private final Function<String, Optional<String>> configurations;
    private final Selector selector;
    private final NodeSockets sockets;
    private final Thread thread;
    private volatile boolean isClosing;

    private DynamicDoor(
            String dataflow,
            Function<String, Optional<String>> configurations,
            Selector selector,
            NodeSockets sockets) {
        this.dataflow = dataflow;
        this.configurations = configurations;
        this.selector = selector;
        this.sockets = sockets;
        this.thread = new Thread(this::serve, "millrace-" + dataflow + "-dynamic");
        this.thread.setDaemon(true);
    }

    /**
     * @param configurations the configuration of a node, as JSON, which is the whole answer; empty if there is no such node. Called on another thread
     * @throws ProgramException if the port is not to be had
     */
    static DynamicDoor open(String dataflow, Function<String, Optional<String>> configurations) {
        int port = port();
        try {
            Selector selector = Selector.open();
            try {
                NodeSockets sockets = NodeSockets.open("the port for nodes started by hand", selector, port);
                DynamicDoor door = new DynamicDoor(dataflow, configurations, selector, sockets);
                door.thread.start();
                return door;
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ProgramException("dataflow '" + dataflow
                    + "' has nodes that are started by hand, which ask at port "
                    + port + " of this machine for where to connect, but that cannot be opened (" + e.getMessage()
                    + "): end what has it, another such dataflow or dora's daemon, or set " + PORT_VARIABLE
                    + " for this application and for those programs to another port");
        }
    }

    private static int port() {
        String written = System.getenv(PORT_VARIABLE);
        if (written == null || written.isBlank()) {
            return PORT;
        }
        try {
            int port = Integer.parseInt(written.strip());
            if (port > 0 && port < 1 << 16) {
                return port;
            }
        } catch (NumberFormatException e) {
            LOG.debug("not a number", e); // said below
        }
        throw new ProgramException(PORT_VARIABLE + " is not a port: found '" + written + "', expected 1 to 65535");
    }

    private void serve() {
        try {
            while (!isClosing) {
                selector.select();
                sockets.look();
                for (NodeConnection connection : sockets.connections()) {
                    serve(connection);
                }
                sockets.await();
            }
        } catch (IOException | RuntimeException e) {
            if (!isClosing) {
                LOG.error("dataflow '{}': programs that are started by hand find no node any more", dataflow, e);
            }
        }
    }

    private void serve(NodeConnection connection) {
        try {
            for (ByteBuffer body = connection.next(); body != null; body = connection.next()) {
                answer(connection, body);
            }
        } catch (ProtocolException e) {
            LOG.warn("dataflow '{}': {} is turned away: {}", dataflow, connection, e.getMessage());
            sockets.drop(connection, new IOException(e));
        } catch (IOException e) {
            sockets.drop(connection, e);
        }
    }

    private void answer(NodeConnection connection, ByteBuffer body) throws IOException {
        if (!(connection.codec().decode(body) instanceof Request.Configuration asked)) {
            throw new ProtocolException("expected a program that asks for its node");
        }
        String json = configurations
                .apply(asked.nodeId())
                .orElseGet(() -> NodeConfig.refusalJson("dataflow '" + dataflow + "' has no node '" + asked.nodeId()
                        + "' that is to be started by hand"));
        ReplyCodec.encodeJson(json, connection.writer());
        connection.flush();
    }

    /** Waits until its thread has ended, which does not block. */
    void close() {
        isClosing = true;
        selector.wakeup();
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        try {
            sockets.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("dataflow '{}': the port for nodes started by hand was not given back", dataflow, e);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
