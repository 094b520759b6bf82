package io.millrace.local.isolated;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.ParameterCodec;
import io.millrace.local.Payloads;
import io.millrace.local.dora.ProtocolException;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Parameters;
import io.millrace.testkit.NodeHarness;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the JVM of a node asks for, it is done, refused by the context, or no message of ours. */
class ServiceFuzzTest {
    private static final int NODES = 300;
    private static final int REQUESTS = 60;

    /** One of each kind, as bytes behind the operator's slot. */
    private static List<Request> requests() {
        byte[] parameters = ParameterCodec.encode(Parameters.of("gain", 0.5).with("name", "x"));
        byte[] payload = {1, 2, 3, 4};
        Packet log = new Packet().putInt(20).putText("words").putFlag(true);
        Thrown.of(new IllegalStateException("outer", new Exception("inner"))).put(log);
        return List.of(
                new Request(
                        Ask.CLAIM,
                        new Packet().putShort(0).putFlag(false).putInt(16).putBytes(parameters)),
                new Request(Ask.WRITE, new Packet().putShort(0).putInt(4).putBytes(payload)),
                new Request(
                        Ask.COMMIT,
                        new Packet().putShort(0).putShort(1).putInt(0).putBytes(payload)),
                new Request(Ask.ABORT, new Packet().putShort(0)),
                new Request(
                        Ask.PUT,
                        new Packet()
                                .putShort(0)
                                .putShort(1)
                                .putBytes(parameters)
                                .putBytes(payload)),
                new Request(
                        Ask.STAGE, new Packet().putShort(0).putInt(8).putInt(0).putBytes(payload)),
                new Request(
                        Ask.SEND,
                        new Packet()
                                .putShort(0)
                                .putFlag(true)
                                .putLong(-1)
                                .putFlag(false)
                                .putBytes(payload)),
                new Request(Ask.FORWARD, new Packet().putShort(0)),
                new Request(Ask.HAS_ROOM, new Packet().putShort(0)),
                new Request(Ask.IS_CLOSED, new Packet().putShort(0)),
                new Request(Ask.CHECKPOINT, new Packet().putBytes(payload)),
                new Request(Ask.MORE, new Packet().putInt(1)),
                new Request(Ask.BATCH_NEXT, new Packet()),
                new Request(Ask.LOG, log));
    }

    private record Request(Ask ask, byte[] body) {
        Request(Ask ask, Packet packet) {
            this(ask, bytes(packet));
        }

        private static byte[] bytes(Packet packet) {
            ByteBuffer view = packet.view();
            byte[] bytes = new byte[view.remaining()];
            view.get(bytes);
            return bytes;
        }
    }

    /** Has requests served while it has a message in hand. */
    private static final class Asking implements Operator {
        private final Random random;
        private final List<Request> requests = requests();
        private final Packet out = new Packet();
        private NodeContext context;
        private int served;
        private int refused;

        Asking(Random random) {
            this.random = random;
        }

        @Override
        public void open(NodeContext nodeContext) {
            context = nodeContext;
        }

        @Override
        public void onInput(Input input, Message message) {
            Service service = new Service(context, true);
            service.putMessage(out.clear(), message);
            for (int i = 0; i < REQUESTS; i++) {
                Request request = requests.get(random.nextInt(requests.size()));
                byte[] body =
                        random.nextInt(3) == 0 ? request.body().clone() : Payloads.damaged(request.body(), random);
                if (request.ask() == Ask.CLAIM) {
                    limitClaim(body);
                }
                serve(service, request.ask(), body);
            }
            serve(service, Ask.ABORT, new byte[Short.BYTES]); // whatever is claimed
        }

        /** To less than a mebibyte, or as negative as it is: the outputs of a harness have no budget that would refuse more. */
        private static void limitClaim(byte[] body) {
            int highest = Short.BYTES + 1 + Integer.BYTES - 1;
            if (body.length > highest && body[highest] >= 0) {
                body[highest] = 0;
                body[highest - 1] &= 0x0F;
            }
        }

        private void serve(Service service, Ask ask, byte[] body) {
            try {
                service.serve(ask, new PacketReader().wrap(ByteBuffer.wrap(body)), out::clear);
                served++;
            } catch (ProtocolException e) {
                assertThat(e).hasMessageStartingWith("expected");
                refused++;
            } catch (IllegalArgumentException
                    | IllegalStateException
                    | IndexOutOfBoundsException e) { // what a context answers
                assertThat(e.getMessage()).isNotNull();
                refused++;
            }
        }
    }

    @Test
    void shouldServeOrRefuseWhenARequestIsDamaged() {
        Random random = new Random(1);
        List<Asking> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            Asking asking = new Asking(random);
            nodes.add(asking);
            try (NodeHarness harness =
                    NodeHarness.of(asking).input("in").output("out").open()) {
                harness.feed("in", "in hand");
            }
        }
        int all = NODES * (REQUESTS + 1);
        assertThat(nodes.stream().mapToInt(node -> node.served).sum()).isBetween(all / 20, all * 19 / 20);
        assertThat(nodes.stream().mapToInt(node -> node.served + node.refused).sum())
                .isEqualTo(all);
    }
}
