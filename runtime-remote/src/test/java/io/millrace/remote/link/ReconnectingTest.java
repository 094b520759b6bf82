package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReconnectingTest {
    private static final Endpoint A = new Endpoint("a", 1);
    private static final Endpoint B = new Endpoint("b", 2);
    private static final Endpoint C = new Endpoint("c", 3);

    private final World world = new World();
    private final RecordingHandler handler = new RecordingHandler();
    private final BackOff backOff = new BackOff(100, 1000, new Random(1));

    private Reconnecting over(Endpoint... endpoints) {
        Reconnecting reconnecting = new Reconnecting(List.of(endpoints), handler, backOff, world);
        reconnecting.begin();
        return reconnecting;
    }

    @Test
    void shouldTryEachInTurnAndWaitLongerAfterEachRoundWhenAllAreInVain() {
        over(A, B);

        for (int i = 0; i < 12; i++) {
            world.last().end("refused");
            world.runScheduled();
        }

        assertThat(world.dialled.subList(0, 5)).containsExactly(A, B, A, B, A);
        assertThat(world.delays).hasSize(12);
        for (int i = 0; i < 12; i += 2) {
            long most = Math.min(1000, 100L << i / 2);
            assertThat(world.delays.get(i)).isZero();
            assertThat(world.delays.get(i + 1)).isBetween(most / 2, most);
        }
        assertThat(handler.ends).hasSize(12).containsOnly("refused");
    }

    @Test
    void shouldBeginAnewWithoutWaitWhenAConnectionHasLasted() {
        Reconnecting reconnecting = over(A, B);
        world.last().end("refused");
        world.runScheduled();
        world.last().open();
        assertThat(reconnecting.connection()).isPresent();
        assertThat(reconnecting.send(new byte[1])).isTrue();

        world.nowNs += 2_000_000_000L;
        world.last().end("lost");
        world.runScheduled();

        assertThat(world.dialled).containsExactly(A, B, A);
        assertThat(world.delays).containsExactly(0L, 0L);
        assertThat(reconnecting.connection()).isEmpty();
        assertThat(reconnecting.send(new byte[1])).isFalse();
    }

    @Test
    void shouldFollowWhenTheLeaderIsElsewhere() {
        Reconnecting reconnecting = over(A, B);
        world.last().open();

        reconnecting.leaderAt(C);
        assertThat(world.last().closedWith).isEqualTo("the leader is at c:3");
        world.runScheduled();
        world.last().open();
        reconnecting.leaderAt(C);

        assertThat(world.dialled).containsExactly(A, C);
        assertThat(world.last().isOpen()).isTrue();
    }

    @Test
    void shouldWaitWhenTwoSendItToEachOther() {
        Reconnecting reconnecting = over(A, B);
        for (int i = 0; i < 10; i++) {
            world.last().open();
            reconnecting.leaderAt(i % 2 == 0 ? B : A);
            world.runScheduled();
        }

        assertThat(world.delays.stream().filter(delay -> delay > 0)).hasSize(5);
    }

    @Test
    void shouldTryNoMoreWhenClosed() {
        Reconnecting reconnecting = over(A);
        world.last().open();

        reconnecting.close();
        reconnecting.close();
        reconnecting.leaderAt(B);

        assertThat(world.last().closedWith).isEqualTo("no longer needed");
        assertThat(world.delays).isEmpty();
        assertThat(handler.ends).containsExactly("no longer needed");
    }

    @Test
    void shouldReadEndpointsAsPeopleWriteThem() {
        assertThat(Endpoint.parse("boat", 7)).isEqualTo(new Endpoint("boat", 7));
        assertThat(Endpoint.parse("boat:80", 7)).isEqualTo(new Endpoint("boat", 80));
        assertThat(Endpoint.parse("[::1]:80", 7))
                .isEqualTo(new Endpoint("::1", 80))
                .hasToString("[::1]:80");
        assertThat(Endpoint.parse("[::1]", 7)).isEqualTo(new Endpoint("::1", 7));
        assertThat(Endpoint.parse("::1", 7)).isEqualTo(new Endpoint("::1", 7));
        for (String none : new String[] {"", ":80", "boat:", "boat:x", "boat:70000", "a b:1", "boat:-1"}) {
            assertThatThrownBy(() -> Endpoint.parse(none, 7)).as(none).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A network by hand. */
    private static final class World implements Reconnecting.Surroundings {
        final List<Endpoint> dialled = new ArrayList<>();
        final List<Long> delays = new ArrayList<>();
        final List<Runnable> scheduled = new ArrayList<>();
        final List<Connection> connections = new ArrayList<>();
        long nowNs;

        @Override
        public ControlConnection connect(Endpoint endpoint, ControlHandler handler) {
            dialled.add(endpoint);
            connections.add(new Connection(handler));
            return last();
        }

        @Override
        public void schedule(Runnable task, long delayMs) {
            delays.add(delayMs);
            scheduled.add(task);
        }

        @Override
        public long nowNs() {
            return nowNs;
        }

        Connection last() {
            return connections.get(connections.size() - 1);
        }

        void runScheduled() {
            List<Runnable> due = List.copyOf(scheduled);
            scheduled.clear();
            due.forEach(Runnable::run);
        }
    }

    private static final class Connection implements ControlConnection {
        private final ControlHandler handler;
        private boolean isOpen;
        private boolean hasEnded;
        String closedWith = "";

        Connection(ControlHandler handler) {
            this.handler = handler;
        }

        void open() {
            isOpen = true;
            handler.onOpen(this);
        }

        void end(String reason) {
            isOpen = false;
            if (!hasEnded) {
                hasEnded = true;
                handler.onClosed(reason);
            }
        }

        @Override
        public Peer peer() {
            return new Peer("ship", Role.MASTER, "m", "i", new InetSocketAddress(0));
        }

        @Override
        public boolean send(byte[] message) {
            return isOpen;
        }

        @Override
        public boolean isOpen() {
            return isOpen;
        }

        @Override
        public void close(String reason) {
            closedWith = reason;
            end(reason);
        }
    }
}
