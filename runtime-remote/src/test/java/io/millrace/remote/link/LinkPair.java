package io.millrace.remote.link;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.testkit.FaultyProxy;
import io.millrace.remote.wire.EdgeSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two hubs in this JVM, a link between them over loopback, and a network that can fail in the middle. The one named "a" dials. */
final class LinkPair implements AutoCloseable {
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final long WAIT_NS = 20_000_000_000L;

    static final LinkSettings SETTINGS = LinkSettings.defaults()
            .withLinkTimeout(Duration.ofMinutes(5))
            .withRetries(Duration.ofMillis(1), Duration.ofMillis(20));

    final Network networkA;
    final Network networkB;
    final LinkHub a;
    final LinkHub b;
    final FaultyProxy proxy;
    final LinkPeer peerA;
    final LinkPeer peerB;

    LinkPair(LinkSettings settings) {
        this(settings, Security.clear(), Security.clear(), Duration.ofMinutes(5));
    }

    LinkPair(LinkSettings settings, Security securityA, Security securityB, Duration idle) {
        NetworkSettings three = NetworkSettings.builder().threads(3).build();
        networkA = Network.open(Identity.of("test", Role.EXECUTOR, "a"), securityA, three);
        networkB = Network.open(Identity.of("test", Role.EXECUTOR, "b"), securityB, three);
        a = LinkHub.open(networkA, settings, idle);
        b = LinkHub.open(networkB, settings, idle);
        proxy = new FaultyProxy(b.listen(networkB, ANY_PORT).address());
        peerA = new LinkPeer(Role.EXECUTOR, "a", networkA.identity().instance(), Optional.empty());
        peerB = new LinkPeer(Role.EXECUTOR, "b", networkB.identity().instance(), Optional.of(proxy.address()));
    }

    Flow flow(String name, QueuePolicy policy, int queueSize) {
        return new Flow(new EdgeSession("job", name, 1, 1), policy, queueSize, OptionalLong.empty());
    }

    /** An edge from a to b. */
    final class Flow {
        final EdgeSession session;
        final WakeSignal consumerSignal;
        final WakeSignal producerSignal;
        final EdgeSignal sourceSignal;
        final EdgeSignal targetSignal;
        final Edge source;
        final Edge target;
        final List<String> heardA = new CopyOnWriteArrayList<>();
        final List<String> heardB = new CopyOnWriteArrayList<>();
        private final OptionalLong budget;
        OutgoingEdge out;
        IncomingEdge in;

        Flow(EdgeSession session, QueuePolicy policy, int queueSize, OptionalLong budget) {
            this.session = session;
            this.budget = budget;
            consumerSignal = new WakeSignal();
            producerSignal = new WakeSignal();
            sourceSignal = a.newSignal();
            targetSignal = b.newSignal();
            source =
                    Edge.create(policy, queueSize, sourceSignal.wake(), producerSignal, RingChoice.AUTOMATIC, () -> {});
            target =
                    Edge.create(policy, queueSize, consumerSignal, targetSignal.wake(), RingChoice.AUTOMATIC, () -> {});
        }

        /** Over the rings of another session, which is over. */
        Flow(EdgeSession session, Flow before) {
            this.session = session;
            this.budget = before.budget;
            consumerSignal = before.consumerSignal;
            producerSignal = before.producerSignal;
            sourceSignal = before.sourceSignal;
            targetSignal = before.targetSignal;
            source = before.source;
            target = before.target;
        }

        Flow open() {
            return send().receive();
        }

        Flow send() {
            out = a.send(session, peerB, source, sourceSignal, new OutgoingListener() {
                @Override
                public void onOpened() {
                    heardA.add("opened");
                }

                @Override
                public void onEnded(Ending ending, String reason) {
                    heardA.add(ending + (reason.isEmpty() ? "" : ": " + reason));
                }
            });
            return this;
        }

        Flow receive() {
            in = b.receive(session, peerA, target, targetSignal, budget, new IncomingListener() {
                @Override
                public void onOpened() {
                    heardB.add("opened");
                }

                @Override
                public void onNodeFailed(String failed, String error, List<String> inputs) {
                    heardB.add(failed + " failed: " + error + " " + inputs + " after "
                            + target.writer().sent());
                }

                @Override
                public void onNodeRestarted(String restarted) {
                    heardB.add(restarted + " restarted after " + target.writer().sent());
                }

                @Override
                public void onEnded(Ending ending, String reason) {
                    heardB.add(ending + (reason.isEmpty() ? "" : ": " + reason));
                }
            });
            return this;
        }

        /** Blocks until the ring takes it. */
        void send(long sequence, int bodyLength) {
            long deadlineNs = System.nanoTime() + WAIT_NS;
            while (!Messages.trySend(source.writer(), sequence, bodyLength)) {
                requireTime(deadlineNs);
                producerSignal.arm();
                if (!source.writer().hasRoom()) {
                    producerSignal.park(1_000_000_000L);
                }
                producerSignal.disarm();
            }
        }

        private void requireTime(long deadlineNs) {
            if (System.nanoTime() - deadlineNs > 0 || Thread.currentThread().isInterrupted()) {
                throw new AssertionError(session + " stands still: sent " + out.traffic() + ", received " + in.traffic()
                        + ", taken " + target.reader().received() + ", links " + a.links() + b.links() + ", told "
                        + heardA + heardB);
            }
        }

        /** Blocks until there is a message, and takes it; false when none comes any more. */
        boolean take() {
            long deadlineNs = System.nanoTime() + WAIT_NS;
            while (!target.reader().next()) {
                requireTime(deadlineNs);
                if (target.reader().isDrained()) {
                    return false;
                }
                consumerSignal.arm();
                if (!target.reader().hasNext() && !target.reader().isWriterClosed()) {
                    consumerSignal.park(1_000_000_000L);
                }
                consumerSignal.disarm();
            }
            return true;
        }
    }

    @Override
    public void close() {
        a.close();
        b.close();
        proxy.close();
        networkA.close();
        networkB.close();
    }
}
