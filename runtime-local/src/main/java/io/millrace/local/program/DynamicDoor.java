package io.millrace.local.program;

import io.millrace.local.code.ProgramException;
import io.millrace.local.dora.NodeConfig;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.dora.ReplyCodec;
import io.millrace.local.dora.Request;
import io.millrace.local.program.DynamicDoors.Residence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that a program asks which somebody has started by hand: it says which node it wants to be, and learns where that node is, whichever dataflow of this process has
 * it. Has a thread of its own while it is open.
 */
final class DynamicDoor {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicDoor.class);

    /** Where nodes of dora ask, unless their environment names another port. */
    static final int PORT = 53291;

    static final String PORT_VARIABLE = "DORA_DAEMON_LOCAL_LISTEN_PORT";

    private final List<Residence> residents = new CopyOnWriteArrayList<>();
    private final Selector selector;
    private final NodeSockets sockets;
    private final FirstOfKind complaints = new FirstOfKind(); // its thread
    private final Thread thread;
    private volatile boolean isClosing;

    private DynamicDoor(Selector selector, NodeSockets sockets) {
        this.selector = selector;
        this.sockets = sockets;
        this.thread = new Thread(this::serve, "millrace-dynamic");
        this.thread.setDaemon(true);
    }

    /**
     * @param dataflow who needs it
     * @throws ProgramException if the port is not to be had
     */
    static DynamicDoor open(String dataflow) {
        int port = port();
        try {
            Selector selector = Selector.open();
            try {
                NodeSockets sockets = NodeSockets.open("the port for nodes started by hand", selector, port);
                DynamicDoor door = new DynamicDoor(selector, sockets);
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
                    + "): end what has it, such a dataflow in another process or dora's daemon, or set " + PORT_VARIABLE
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
                selector.select(sockets.lookAfterMs());
                sockets.look();
                for (NodeConnection connection : sockets.connections()) {
                    serve(connection);
                }
                sockets.await();
            }
        } catch (IOException | RuntimeException e) {
            if (!isClosing) {
                LOG.error("programs that are started by hand find no node any more", e);
            }
        }
    }

    private void serve(NodeConnection connection) {
        try {
            for (ByteBuffer body = connection.next(); body != null; body = connection.next()) {
                answer(connection, body);
            }
        } catch (ProtocolException e) {
            String why = String.valueOf(e.getMessage());
            if (complaints.isNew(why)) {
                LOG.warn("the port for nodes started by hand: {} is turned away: {}", connection, why);
            }
            sockets.drop(connection, new IOException(e));
        } catch (OutOfMemoryError e) { // the others can still be answered
            if (complaints.isNew("no memory")) {
                LOG.warn(
                        "the port for nodes started by hand: {} is not answered, for there is no memory",
                        connection,
                        e);
            }
            sockets.drop(connection, new IOException(e));
        } catch (IOException e) {
            sockets.drop(connection, e);
        }
    }

    private void answer(NodeConnection connection, ByteBuffer body) throws IOException {
        if (!(connection.codec().decode(body) instanceof Request.Configuration asked)) {
            throw new ProtocolException("expected a program that asks for its node");
        }
        ReplyCodec.encodeJson(answer(asked.nodeId()), connection.writer());
        connection.flush();
    }

    private String answer(String nodeId) {
        List<String> found = new ArrayList<>();
        List<String> having = new ArrayList<>();
        for (Residence resident : residents) {
            resident.configuration(nodeId).ifPresent(json -> {
                found.add(json);
                having.add(resident.dataflow());
            });
        }
        return found.size() == 1 ? found.get(0) : NodeConfig.refusalJson(refusal(nodeId, having));
    }

    private String refusal(String nodeId, List<String> having) {
        if (having.isEmpty()) {
            List<String> all = residents.stream().map(Residence::dataflow).toList();
            boolean isOne = all.size() == 1;
            return (isOne ? "dataflow " : "none of the dataflows ") + quoted(all) + (isOne ? " has no" : " has a")
                    + " node '" + nodeId + "' that is to be started by hand";
        }
        return "the dataflows " + quoted(having) + " have each a node '" + nodeId
                + "' that is to be started by hand, and a program says no more than that name: give the nodes different"
                + " names, or start one dataflow after the other";
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    /** Whose nodes can be asked for. */
    List<Residence> residents() {
        return residents;
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
            LOG.warn("the port for nodes started by hand was not given back", e);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
