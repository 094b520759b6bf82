package io.millrace.local.isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.layout.RecordLayout;
import io.millrace.local.dora.ProtocolException;
import io.millrace.node.NodeInterruptedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What the two JVMs of an isolated node say to each other arrives as it was, and what is damaged is refused. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class IsolatedWireTest {

    private static PacketReader reader(Packet packet) {
        return new PacketReader().wrap(copy(packet));
    }

    private static ByteBuffer copy(Packet packet) {
        ByteBuffer view = packet.view();
        return ByteBuffer.allocate(view.remaining()).put(view).flip();
    }

    @Test
    void shouldBringAConfigAsItIs() {
        Map<String, Object> config = Map.of(
                "text",
                "gr\u00fc\u00df",
                "flag",
                true,
                "whole",
                Long.MIN_VALUE,
                "small",
                7,
                "decimal",
                -0.5,
                "list",
                List.of("a", 1L, List.of(), Map.of("deep", false)),
                "none",
                Map.of());
        Packet packet = new Packet();
        Values.put(packet, config);
        assertThat(Values.read(reader(packet))).isEqualTo(config);
    }

    @Test
    void shouldRefuseAConfigValueThatIsNoneByItsClass() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Values.put(new Packet(), Map.of("x", UUID.randomUUID())))
                .withMessageContaining("java.util.UUID");
    }

    @Test
    void shouldRefuseAConfigThatIsDeeperThanAnyIs() {
        Packet packet = new Packet().put('m').putInt(1).putText("x");
        for (int depth = 0; depth < 1000; depth++) {
            packet.put('a').putInt(1);
        }
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Values.read(reader(packet.put('b').put(0))))
                .withMessageContaining("100 levels");
    }

    @Test
    void shouldBringWhatWasThrownWithItsWordsStackAndCauses() {
        IllegalStateException thrown = new IllegalStateException("outer", new IOException("inner"));
        thrown.addSuppressed(new IllegalArgumentException("beside"));
        Packet packet = new Packet();
        Thrown.of(thrown).put(packet);
        Exception arrived = Thrown.read(reader(packet)).exception();
        assertThat(arrived)
                .hasToString("java.lang.IllegalStateException: outer")
                .hasStackTraceContaining("Caused by: java.io.IOException: inner")
                .hasStackTraceContaining("Suppressed: java.lang.IllegalArgumentException: beside");
        assertThat(arrived.getStackTrace()[0].getMethodName()).startsWith("shouldBring");
        assertThat(arrived.getStackTrace()[0].getLineNumber()).isEqualTo(thrown.getStackTrace()[0].getLineNumber());
    }

    @Test
    void shouldBringAnInterruptAsOneForItIsNoFailure() {
        for (Exception interruption : List.of(new InterruptedException("a"), new NodeInterruptedException("b"))) {
            Packet packet = new Packet();
            Thrown.of(interruption).put(packet);
            assertThat(Thrown.read(reader(packet)).exception()).isInstanceOf(interruption.getClass());
        }
    }

    @Test
    void shouldBringEvenWhatHasNoWordsOrIsItsOwnCause() {
        Exception mute = new Exception() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no words");
            }
        };
        Exception circle = new Exception("circle");
        circle.initCause(new Exception("half", circle));
        for (Exception thrown : List.of(mute, circle)) {
            Packet packet = new Packet();
            Thrown.of(thrown).put(packet);
            assertThat(Thrown.read(reader(packet)).type())
                    .isEqualTo(thrown.getClass().getName());
        }
    }

    /** Cut off at each byte, and with each byte changed: refused, or read as something else, but nothing worse. */
    @Test
    void shouldRefuseWhatIsDamaged() {
        Packet thrown = new Packet();
        Thrown.of(new IllegalStateException("outer", new IOException("inner"))).put(thrown);
        Packet config = new Packet();
        Values.put(config, Map.of("list", List.of("a", 1L, Map.of("deep", 0.5)), "text", "b"));
        assertOnlyRefuses(copy(thrown), Thrown::read);
        assertOnlyRefuses(copy(config), Values::read);
    }

    private static void assertOnlyRefuses(ByteBuffer good, Consumer<PacketReader> decoder) {
        Random random = new Random(4);
        for (int at = 0; at < good.limit(); at++) {
            ByteBuffer cut = ByteBuffer.allocate(at).put(0, good, 0, at);
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> decoder.accept(new PacketReader().wrap(cut)));
            for (int round = 0; round < 4; round++) {
                ByteBuffer changed = ByteBuffer.allocate(good.limit()).put(0, good, 0, good.limit());
                changed.put(at, (byte) random.nextInt());
                try {
                    decoder.accept(new PacketReader().wrap(changed));
                } catch (ProtocolException refused) {
                    assertThat(refused).hasMessageStartingWith("expected");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, RecordLayout.HEADER_LENGTH - 1, Integer.MAX_VALUE})
    void shouldRefuseARecordOfALengthThatNoneHas(int length) {
        Packet packet = new Packet().putInt(length).putBytes(new byte[8]);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> new Hand().begin(reader(packet)))
                .withMessageContaining("length of a record");
    }

    @Test
    void shouldRefuseARecordThatSaysItIsLonger() {
        ByteBuffer record = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        RecordLayout.putHeader(record, 0, (byte) 0, 0, 0);
        RecordLayout.putLengths(record, 0, 0, 1 << 20);
        Hand hand = new Hand();
        hand.begin(reader(new Packet().putInt(40).putBytes(record.array())));
        assertThat(hand.isComplete()).isTrue();
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(hand::message);
    }

    @Test
    void shouldLetInWhoKnowsTheSecretAndNobodyElse() throws Exception {
        try (Selector selector = Selector.open();
                Reception reception = new Reception("node", selector)) {
            Invitation invitation = Invitation.parse(reception.invitation().toString());
            assertThat(invitation).isEqualTo(reception.invitation());
            CompletableFuture<Void> guests = CompletableFuture.runAsync(() -> {
                Invitation forged = new Invitation("node", invitation.port(), UUID.randomUUID());
                assertThatThrownBy(() -> new ParentLink(forged))
                        .hasMessageContaining("for the JVM of node 'node' only");
                connect(invitation, Ask.DONE);
                connect(invitation, Ask.RECORDS);
            });
            boolean areBothIn = false;
            while (!areBothIn && !guests.isCompletedExceptionally()) {
                selector.select(100);
                selector.selectedKeys().clear();
                areBothIn = reception.admit();
            }
            guests.get(60, TimeUnit.SECONDS);
            reception.calls().close();
            reception.records().close();
        }
    }

    private static void admitBoth(Reception reception, Selector selector) throws IOException {
        while (!reception.admit()) {
            selector.select(100);
            selector.selectedKeys().clear();
        }
    }

    @Test
    void shouldCloseWhoWasLetInWhenNobodyHasTakenThemOver() throws Exception {
        try (Selector selector = Selector.open()) {
            Reception reception = new Reception("node", selector);
            CompletableFuture<Void> guests = CompletableFuture.runAsync(() -> {
                connect(reception.invitation(), Ask.DONE);
                connect(reception.invitation(), Ask.RECORDS);
            });
            admitBoth(reception, selector);
            guests.get(60, TimeUnit.SECONDS);

            reception.close();

            assertThat(reception.calls().channel().isOpen()).isFalse();
            assertThat(reception.records().channel().isOpen()).isFalse();
        }
    }

    @Test
    void shouldGoOnTakingRecordsWhenOneCannotBeLogged() throws Exception {
        try (Selector selector = Selector.open();
                Reception reception = new Reception("node", selector)) {
            List<Integer> taken = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> {
                connect(reception.invitation(), Ask.DONE);
                try (ParentLink link = new ParentLink(reception.invitation())) {
                    link.send(new Packet().put(Ask.RECORDS.code()).putShort(0));
                    for (int slot = 0; slot < 3; slot++) {
                        link.send(new Packet()
                                .put(Ask.LOG.code())
                                .putShort(slot)
                                .putInt(Level.INFO.toInt())
                                .putText("words")
                                .putFlag(false));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            admitBoth(reception, selector);
            RecordReader reader = new RecordReader("records", reception.records(), slot -> {
                taken.add(slot);
                if (slot == 0) {
                    throw new IllegalStateException("no appender");
                }
                throw new StackOverflowError();
            });
            reader.start();
            guest.get(60, TimeUnit.SECONDS);
            reader.join(60_000);

            assertThat(taken).containsExactly(0, 1, 2);
        }
    }

    /** Cut off at each byte, and with each byte changed. */
    @Test
    void shouldRefuseALogRecordThatIsDamaged() {
        Packet record = new Packet().putInt(Level.INFO.toInt()).putText("words").putFlag(true);
        Thrown.of(new IllegalStateException("outer", new IOException("inner"))).put(record);
        assertOnlyRefuses(copy(record), in -> RecordReader.log(null, in));
    }

    /** Left open: the other end closes it. */
    private static void connect(Invitation invitation, Ask first) {
        try {
            ParentLink link = new ParentLink(invitation);
            link.send(new Packet().put(first.code()).putShort(0).putFlag(false).putFlag(false));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldSayWhatItIsForWhenItsVariableIsAnothers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Invitation.parse("hello"))
                .withMessageContaining(Invitation.VARIABLE)
                .withMessageContaining("'hello'");
    }
}
