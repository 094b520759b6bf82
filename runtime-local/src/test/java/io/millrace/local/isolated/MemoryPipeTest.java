package io.millrace.local.isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.local.dora.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All bytes arrive in order, nobody sleeps for ever, and what stands in the memory is believed only if it makes sense. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class MemoryPipeTest {
    private static final int READ = 128;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(MemoryPipe.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Semaphore readerWakes = new Semaphore(0);
    private final Semaphore writerWakes = new Semaphore(0);
    private final MemoryPipe.Writer writer = new MemoryPipe.Writer(memory, readerWakes::release);
    private final MemoryPipe.Reader reader = new MemoryPipe.Reader(memory, writerWakes::release);

    private static void sleepUntilReady(MemoryPipe.End end, Semaphore wakes) throws Exception {
        while (end.sleeps()) {
            assertThat(wakes.tryAcquire(60, TimeUnit.SECONDS)).as("woken").isTrue();
            end.awake();
        }
    }

    @Test
    void shouldBringEachByteInOrderWhenBothSleepOnEachOther() throws Exception {
        int total = 8 << 20;
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                write(total);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        Random sizes = new Random(2);
        Random expected = new Random(7);
        for (int at = 0; at < total; ) {
            ByteBuffer target = ByteBuffer.allocate(1 + sizes.nextInt(400_000));
            int count = reader.read(target);
            if (count == 0) {
                sleepUntilReady(reader, readerWakes);
            }
            for (int i = 0; i < count; i++) {
                assertThat(target.get(i)).isEqualTo((byte) expected.nextInt());
            }
            at += count;
        }
        writing.get(60, TimeUnit.SECONDS);
        assertThat(reader.read(ByteBuffer.allocate(1))).isZero();
    }

    private void write(int total) throws Exception {
        Random sizes = new Random(1);
        Random bytes = new Random(7);
        for (int at = 0; at < total; ) {
            ByteBuffer source = ByteBuffer.allocate(Math.min(total - at, 1 + sizes.nextInt(400_000)));
            while (source.hasRemaining()) {
                source.put((byte) bytes.nextInt());
            }
            at += source.flip().remaining();
            while (source.hasRemaining()) {
                if (writer.write(source) == 0) {
                    sleepUntilReady(writer, writerWakes);
                }
            }
        }
    }

    @Test
    void shouldTakeWhatFitsAndNoMore() throws Exception {
        ByteBuffer source = ByteBuffer.allocate(MemoryPipe.CAPACITY + 10);
        assertThat(writer.write(source)).isEqualTo(MemoryPipe.CAPACITY);
        assertThat(writer.write(source)).isZero();
        assertThat(reader.read(ByteBuffer.allocate(4))).isEqualTo(4);
        assertThat(writer.write(source)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, MemoryPipe.CAPACITY + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void shouldRefuseAPositionThatCannotBe(long position) {
        memory.putLong(0, position);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> reader.read(ByteBuffer.allocate(1)))
                .withMessageContaining("bytes in shared memory");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, MemoryPipe.CAPACITY + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void shouldRefuseThatMoreWasReadThanWasWritten(long position) throws Exception {
        writer.write(ByteBuffer.allocate(MemoryPipe.CAPACITY));
        memory.putLong(READ, position);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
                .withMessageContaining("bytes in shared memory");
    }
}
