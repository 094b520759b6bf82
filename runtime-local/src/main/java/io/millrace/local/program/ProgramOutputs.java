package io.millrace.local.program;

import io.millrace.layout.ParameterCodec;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.code.ProgramException;
import io.millrace.local.dora.ArrowBytes;
import io.millrace.local.dora.Payload;
import io.millrace.local.dora.Request.SendMessage;
import io.millrace.node.Claim;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of a program on their way to the outputs of its node. Used by the node's thread. */
final class ProgramOutputs {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramOutputs.class);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final NodeAgent agent;
    private final WireNames names;
    private final Set<String> closed = new HashSet<>(); // by a program, for all that come after it
    private boolean isLossSaid;

    ProgramOutputs(NodeAgent agent, WireNames names) {
        this.agent = agent;
        this.names = names;
    }

    /**
     * Sends a message, unless nobody would ever read it.
     *
     * @return what is to be tried again, for there is no room; null if it is done with
     */
    NodeConnection.@Nullable HeldMessage send(SendMessage message) {
        OutputPort port = port(message.outputId());
        sayIfClosed(message.outputId());
        Payload data = message.payload();
        ByteBuffer bytes = data == null ? NOTHING : data.whole();
        agent.onReceived(message.metadata().timestamp().ntp64());
        long plain = bytes.hasRemaining() ? ArrowBytes.unwrap(bytes) : 0;
        boolean isPlain = plain != ArrowBytes.NOT_PLAIN;
        Outgoing outgoing = new Outgoing(
                port,
                bytes,
                isPlain ? ArrowBytes.offset(plain) : 0,
                isPlain ? ArrowBytes.length(plain) : bytes.remaining(),
                data != null && isPlain ? PayloadFormat.BYTES : PayloadFormat.ARROW_IPC,
                message.metadata().parameters());
        return outgoing.send() ? null : outgoing;
    }

    /** Only a program that was started by hand can send there: its library does not know what one before it has closed. */
    private void sayIfClosed(String output) {
        if (!closed.isEmpty() && closed.contains(output) && !isLossSaid) {
            isLossSaid = true;
            LOG.warn(
                    "node '{}': its program sends on output '{}', which one before it has closed, as its consumers were told: that"
                            + " is dropped; start the dataflow again, or give the node a restart_policy, under which outputs stay open for the next program",
                    agent.nodeId(),
                    output);
        }
    }

    /** Whether there is nothing for a program to do any more: those before it have closed every output of a node that has no inputs. */
    boolean isNodeDone() {
        return !closed.isEmpty() && !names.hasInputs() && closed.containsAll(names.outputs());
    }

    private OutputPort port(String name) {
        return names.output(name)
                .orElseThrow(
                        () -> new ProgramException("node '" + agent.nodeId() + "': its program sent on output '" + name
                                + "', which it does not have: its outputs are " + names.outputs()
                                + "; declare it in the dataflow file, or correct the program"));
    }

    /** A message that is on its way. */
    private record Outgoing(
            OutputPort port, ByteBuffer bytes, int offset, int length, PayloadFormat format, Parameters parameters)
            implements NodeConnection.HeldMessage {

        @Override
        public boolean send() {
            Claim claim = port.tryClaim(length, parameters);
            if (claim == null) {
                return port.isClosed();
            }
            claim.buffer().put(claim.offset(), bytes, bytes.position() + offset, length);
            claim.format(format).commit();
            return true;
        }

        @Override
        public boolean canSend() {
            return port.isClosed() || port.hasRoomFor(length, ParameterCodec.encode(parameters).length);
        }
    }

    /** The program sends no more on these. */
    void close(List<String> outputs) {
        outputs.forEach(this::close);
    }

    /** The program sends no more. */
    void closeAll() {
        close(names.outputs());
    }

    private void close(String output) {
        OutputPort port = port(output);
        if (!agent.isSupervised()) { // what a program closes, the next incarnation would find closed
            closed.add(output);
            port.close();
        }
    }
}
