package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.layout.ParameterCodec;
import io.millrace.local.Payloads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes over a connection is read, or refused by the one exception that says so, for little memory. */
class ProtocolFuzzTest {
    private static final int ROUNDS = 5_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RequestCodec requests = new RequestCodec();
    private final ReplyCodec replies = new ReplyCodec();

    private static byte[] random(Random random) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(5) == 0 ? 3000 : 80)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextInt(4) > 0) {
            bytes[0] = (byte) random.nextInt(14);
        }
        return bytes;
    }

    /** What was read; null if it was refused. */
    private static <T> @Nullable T attempt(byte[] body, Function<ByteBuffer, T> decoder) {
        T read = null;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            read = decoder.apply(ByteBuffer.wrap(body));
        } catch (NotCarriedException e) {
            assertThat(e.getMessage()).containsAnyOf(" is at most ", " take more than the ", "a parameter's name has ");
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).startsWith("malformed frame, at byte ").doesNotContain("null");
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(1_000_000 + 200L * body.length);
        return read;
    }

    @Test
    void shouldReadOrRefuseWhenBytesAreRandom() {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = random(random);
            attempt(body, requests::decode);
            attempt(body, replies::decode);
            Registration.isOlderDora(ByteBuffer.wrap(body));
            ArrowBytes.unwrap(ByteBuffer.wrap(body));
        }
    }

    /** And what was read can be written, and is read again. */
    @Test
    void shouldReadOrRefuseWhenARequestIsDamaged() {
        Random random = new Random(2);
        RandomMessages messages = new RandomMessages(3);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = Payloads.damaged(Wire.encoded(messages.request()), random);
            Request request = attempt(body, requests::decode);
            if (request != null) {
                read++;
                checkAgain(request);
            }
        }
        assertThat(read).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    private void checkAgain(Request request) {
        if (!(request instanceof Request.Unknown)) {
            assertThat(Wire.request(Wire.encoded(request))).isEqualTo(request);
        }
        if (request instanceof Request.SendMessage message) {
            // What was let in fits into a message of ours.
            ParameterCodec.encode(message.metadata().parameters());
        }
    }

    @Test
    void shouldReadOrRefuseWhenAReplyIsDamaged() {
        Random random = new Random(4);
        RandomMessages messages = new RandomMessages(5);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = Payloads.damaged(Wire.encoded(messages.reply()), random);
            Reply reply = attempt(body, replies::decode);
            if (reply != null) {
                read++;
                assertThat(Wire.reply(Wire.encoded(reply))).isEqualTo(reply);
            }
        }
        assertThat(read).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    @Test
    void shouldRefuseWhenABodyEndsTooEarlyOrTooLate() {
        RandomMessages messages = new RandomMessages(6);
        for (int round = 0; round < 300; round++) {
            byte[] right = Wire.encoded(messages.request());
            for (int length = 1; length < Math.min(right.length, 200); length++) {
                byte[] cut = java.util.Arrays.copyOf(right, length);
                assertThat(attempt(cut, requests::decode)).isNull();
            }
            assertThat(attempt(java.util.Arrays.copyOf(right, right.length + 1), requests::decode))
                    .isNull();
        }
    }

    /** Lists without number, of elements that take no bytes or few. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "04 ff ff ff ff ff ff ff ff ff 01",
                "04 ff ff ff ff 0f",
                "04 80 80 80 20",
                "02 01 61 02 " + Wire.T + " ff ff ff ff 07",
                "02 01 61 02 " + Wire.T + " 01 01 62 03 ff ff ff ff 07",
                "02 01 61 02 " + Wire.T + " 01 01 62 05 ff ff ff ff 07",
                "02 01 61 02 " + Wire.T + " 01 01 62 06 ff ff ff ff 07",
                "02 01 61 02 " + Wire.T + " 01 01 62 02 ff ff ff ff 07",
                "02 01 61 02 " + Wire.T + " 00 01 00 ff ff ff ff 07",
                "02 ff ff ff ff 07 61",
                "00 ff ff ff ff 07",
                "0c 01 61 ff ff ff ff ff ff ff ff 7f"
            })
    void shouldRefuseACountWhenItLies(String hex) {
        byte[] head = Wire.bytes(hex);
        for (int length : new int[] {head.length, head.length + 100, 20_000_000}) {
            byte[] body = java.util.Arrays.copyOf(head, length);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> requests.decode(ByteBuffer.wrap(body))).isInstanceOf(ProtocolException.class);
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(4_000_000);
        }
    }

    @Test
    void shouldRefuseManyEventsWhenTheyAreMoreThanAnybodySends() {
        byte[] body = java.util.Arrays.copyOf(Wire.bytes("01 ff ff 7f"), 60_000_000);
        assertThatThrownBy(() -> replies.decode(ByteBuffer.wrap(body)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("the number of events is at most 4096, found 2097151");
    }

    @Test
    void shouldNameTheParameterWhenItIsTooLarge() {
        byte[] head = Wire.bytes("02 01 61 02 " + Wire.T + " 01 04 67 61 69 6e 02 80 80 08");
        byte[] body = java.util.Arrays.copyOf(head, head.length + 140_000);
        assertThatThrownBy(() -> requests.decode(ByteBuffer.wrap(body)))
                .isInstanceOf(NotCarriedException.class)
                .hasMessageStartingWith("on output 'a', the length of gain is at most 65");
    }

    @Test
    void shouldCutOrRefuseWhenAStreamIsRandom() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(4000)];
            random.nextBytes(bytes);
            for (int at = 0; at + 8 < bytes.length; at += 8 + (bytes[at] & 0xFF)) {
                java.util.Arrays.fill(bytes, at + 1, at + 8, (byte) 0);
            }
            ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(bytes));
            FrameReader reader = new FrameReader();
            int handedOut = 0;
            try {
                do {
                    for (ByteBuffer body = reader.next(); body != null; body = reader.next()) {
                        handedOut += 8 + body.remaining();
                    }
                } while (reader.readFrom(channel) >= 0);
                assertThat(reader.hasPartOfFrame()).isEqualTo(handedOut < bytes.length);
            } catch (ProtocolException e) {
                assertThat(e).hasMessageContaining("expected the length of a frame");
            }
        }
    }

    @Test
    void shouldStayWithinTheStreamWhenItIsDamaged() {
        Random random = new Random(8);
        byte[] right = new byte[(int) ArrowBytes.streamLength(50)];
        ArrowBytes.wrap(ByteBuffer.allocate(50)).whole().get(right);
        int plain = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = Payloads.damaged(right, random);
            long found = ArrowBytes.unwrap(ByteBuffer.wrap(stream));
            if (found != ArrowBytes.NOT_PLAIN) {
                plain++;
                assertThat(ArrowBytes.offset(found)).isBetween(0, stream.length - ArrowBytes.length(found));
                assertThat(ArrowBytes.length(found)).isBetween(0, stream.length);
            }
        }
        assertThat(plain).isBetween(ROUNDS / 50, ROUNDS * 9 / 10);
    }
}
