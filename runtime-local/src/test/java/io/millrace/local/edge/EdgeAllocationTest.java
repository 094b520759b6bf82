package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EdgeAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Slab BODY = Records.body(1, 100);
    private static final int MESSAGES = 100_000;

    /** A few bytes may come from the JVM itself while it still compiles and links, so one of some passes must be free of any. */
    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingWhenMessagesFlow(EdgeForm form) {
        Edge edge = form.create(4, new WakeSignal(), new WakeSignal());
        List<Long> allocated = new ArrayList<>();
        for (int pass = 0; pass < 6; pass++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            carry(edge);
            allocated.add(THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(edge.reader().received()).isGreaterThanOrEqualTo(MESSAGES);
        assertThat(allocated).as("bytes for %s messages each", MESSAGES).contains(0L);
    }

    /** Every path: inline, by reference, aborted, refused, dropped. */
    private static void carry(Edge edge) {
        EdgeWriter writer = edge.writer();
        EdgeReader reader = edge.reader();
        for (int i = 0; i < MESSAGES; i++) {
            int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH + (i & 63));
            if (offset >= 0) {
                writer.buffer().putLong(offset, i);
                if (i % 16 == 7) {
                    writer.abort();
                } else {
                    boolean isReference = i % 16 == 3;
                    if (isReference) {
                        BODY.retain();
                    }
                    writer.commit(isReference ? BODY : null);
                }
            }
            boolean stalled = i % 64 > 50;
            while (!stalled && reader.hasNext() && reader.next()) {
                reader.buffer().getLong(reader.recordOffset());
            }
            reader.release();
        }
    }
}
