package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts as Arrow streams, read by Arrow's own library. */
class ArrowTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "seven b", "eight by", "not ASCII: \u00e9 \u20ac", "{\"level\":\"INFO\"}"})
    void shouldBeReadAsOneStringByArrow(String text) throws Exception {
        ByteBuffer stream = ArrowText.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .whole();
        byte[] bytes = new byte[stream.remaining()];
        stream.get(bytes);
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(1);
            VarCharVector column = (VarCharVector) reader.getVectorSchemaRoot().getVector("data");
            assertThat(column.getObject(0).toString()).isEqualTo(text);
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }
}
