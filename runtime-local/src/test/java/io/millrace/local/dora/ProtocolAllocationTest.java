package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.node.Parameters;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A message on its way in or out costs a few small objects, whatever its size: no name, no clock and no byte of payload is made again. */
class ProtocolAllocationTest {
    private static final int MESSAGES = 20_000;
    private static final int MOST_BYTES_A_MESSAGE = 1500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static void assertCheap(Runnable message) {
        for (int i = 0; i < MESSAGES; i++) {
            message.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MESSAGES; i++) {
            message.run();
        }
        long each = (THREADS.getCurrentThreadAllocatedBytes() - before) / MESSAGES;
        assertThat(each).isLessThan(MOST_BYTES_A_MESSAGE);
    }

    @Test
    void shouldMakeFewObjectsWhenAMessageIsRead() {
        for (int length : new int[] {100, 1_000_000}) {
            FrameWriter frame = new FrameWriter();
            Metadata metadata = Metadata.ofData(Wire.NODE_TIME, Parameters.EMPTY);
            Payload payload = Payload.of(ByteBuffer.allocate(length));
            RequestCodec.encode(new Request.SendMessage("out", metadata, payload), Wire.NODE_TIME, frame);
            ByteBuffer body = ByteBuffer.wrap(Wire.body(frame));
            RequestCodec codec = new RequestCodec();
            assertCheap(() -> {
                Request.SendMessage message = (Request.SendMessage) codec.decode(body.position(0));
                assertIsPlain(message.payload());
            });
        }
    }

    private static void assertIsPlain(Payload payload) {
        if (ArrowBytes.unwrap(payload.whole()) != ArrowBytes.NOT_PLAIN) {
            throw new AssertionError("zeros are no stream");
        }
    }

    @Test
    void shouldMakeFewObjectsWhenAMessageIsWritten() {
        for (int length : new int[] {100, 900_000}) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            FrameWriter frame = new FrameWriter();
            EventBatch batch = new EventBatch(frame);
            assertCheap(() -> {
                batch.begin();
                Metadata metadata = Metadata.ofData(Wire.NODE_TIME, Parameters.EMPTY);
                NodeEvent.Input input = new NodeEvent.Input("in", metadata, ArrowBytes.wrap(bytes));
                if (!batch.offer(TimedEvent.of(input))) {
                    throw new AssertionError("the first event fits");
                }
                batch.end();
            });
        }
    }
}
