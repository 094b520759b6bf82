package io.millrace.local.agent;

import io.millrace.layout.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Records as they stand in memory. */
final class Records {
    private Records() {}

    static ByteBuffer text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer record = ByteBuffer.allocate(RecordLayout.HEADER_LENGTH + RecordLayout.align8(bytes.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        RecordLayout.putHeader(record, 0, (byte) 0, 0, 0);
        RecordLayout.putLengths(record, 0, 0, bytes.length);
        return record.put(RecordLayout.HEADER_LENGTH, bytes);
    }
}
