package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What decoders make of bytes that nobody meant. */
class DecodersTest {
    private static final Greeting HELLO =
            new Greeting.Hello(Purpose.LINK, Identity.of("ship", Role.EXECUTOR, "boat"), 1000);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldDecodeOrRefuseWhenAGreetingIsAnyBytes(long seed) {
        Random random = new Random(seed);
        int refused = 0;
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = i % 2 == 0 ? RawPeer.greeting(HELLO) : new byte[random.nextInt(200)];
            mutate(random, bytes, i % 2 == 0);
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length + 1));
            try {
                decoded += GreetingCodec.decode(in, 512) == null ? 0 : 1;
            } catch (Refusal refusal) {
                refused++;
                assertThat(refusal.getMessage()).isNotBlank().doesNotContainPattern("\\p{Cntrl}");
            }
        }
        assertThat(refused).isGreaterThan(1_000);
        assertThat(decoded).isPositive();
    }

    private static void mutate(Random random, byte[] bytes, boolean isLittle) {
        if (isLittle) {
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
        } else {
            random.nextBytes(bytes);
        }
    }

    @Test
    void shouldDecodeTheSameWhenAGreetingComesByteByByte() {
        byte[] bytes = RawPeer.greeting(HELLO);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(GreetingCodec.decode(Unpooled.wrappedBuffer(bytes, 0, length), 512))
                    .isNull();
        }
        assertThat(GreetingCodec.decode(Unpooled.wrappedBuffer(bytes), 512)).isEqualTo(HELLO);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldStayInBoundsWhenFramesAreAnyBytes(long seed) {
        Random random = new Random(seed);
        Identity peer = Identity.of("ship", Role.EXECUTOR, "boat");
        for (int i = 0; i < 300; i++) {
            RecordingHandler handler = new RecordingHandler();
            ControlChannel connection =
                    new ControlChannel(handler, Runnable::run, NetworkSettings.defaults(), new Channels());
            EmbeddedChannel channel = new EmbeddedChannel();
            connection.onChannel(channel);
            connection.onPeer(channel, Peer.of(peer, new InetSocketAddress(1)));
            for (int chunk = 0; chunk < 20 && channel.isOpen(); chunk++) {
                byte[] bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
                if (random.nextBoolean() && bytes.length > 5) {
                    bytes[0] = bytes[1] = bytes[2] = bytes[4] = 0;
                }
                channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            }
            assertThat(handler.messages.size()).isLessThan(300);
            assertThat(channel.close().isDone()).isTrue();
            channel.checkException();
            channel.releaseOutbound();
            assertThat(handler.ends).hasSize(1);
        }
    }
}
