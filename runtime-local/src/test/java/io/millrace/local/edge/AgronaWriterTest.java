package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;

class AgronaWriterTest {
    private static final int QUEUE_SIZE = 7;
    private static final int MAX_RECORD_LENGTH = Records.length(200);

    @Test
    void shouldWriteWhatAgronasOwnRingReads() {
        int capacity = OneToOneRing.capacity(QUEUE_SIZE, MAX_RECORD_LENGTH);
        ByteBuffer region = Region.allocate(capacity + AgronaWriter.trailerLength());
        EdgeWriter writer = new AgronaWriter(
                region, QUEUE_SIZE, MAX_RECORD_LENGTH, capacity, new Slab[OneToOneRing.bodySlots(QUEUE_SIZE)], null);
        OneToOneRingBuffer agrona =
                new OneToOneRingBuffer(new UnsafeBuffer(region, Region.RING, capacity + AgronaWriter.trailerLength()));
        Random random = new Random(11);
        List<Integer> sent = new ArrayList<>();
        List<Integer> received = new ArrayList<>();
        while (agrona.producerPosition() < 20L * capacity) {
            for (int i = random.nextInt(QUEUE_SIZE); i >= 0; i--) {
                int length = Records.length(random.nextInt(201));
                int offset = writer.tryClaim(length);
                region.putInt(offset, sent.size());
                writer.commit(null);
                sent.add(length);
            }
            MessageHandler handler = (type, buffer, index, length) -> {
                assertThat(type).isEqualTo(OneToOneRing.MESSAGE);
                assertThat(buffer.getInt(index)).isEqualTo(received.size());
                received.add(length);
            };
            agrona.read(handler);
            agrona.read(handler); // the first ends where the circle does
            assertThat(agrona.size()).isZero();
            Region.LONGS.setRelease(region, Region.READER_POSITION, (long) received.size());
        }
        assertThat(received).isEqualTo(sent);
    }
}
