package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.Codecs;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one node writes by a codec another reads by it, and by no other. */
public abstract class CodecContract extends DataflowContract {
    private static final int COUNT = 100;

    /** The relay passes messages on as they came, with the id of their codec. */
    private static String exchange(String written, String read) {
        return """
                queue_policy: backpressure
                nodes:
                  - {id: encoder, class: Encoder, config: {kind: WRITTEN}, inputs: {ask: millrace/app/ask}, outputs: [out]}
                  - {id: relay, class: Relay, inputs: {in: encoder/out}, outputs: [out]}
                  - {id: decoder, class: Decoder, config: {kind: READ}, inputs: {in: relay/out}, outputs: [count]}
                """.replace("WRITTEN", written).replace("READ", read);
    }

    private static void ask(Trial trial, int count) throws InterruptedException {
        try (Publisher publisher = trial.running().publisher("ask")) {
            assertThat(publisher.send(Codecs.INT, count, Trial.DEADLINE)).isEqualTo(SendResult.ACCEPTED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes",
                "text",
                "boolean",
                "byte",
                "short",
                "char",
                "int",
                "long",
                "float",
                "double",
                "booleans",
                "shorts",
                "chars",
                "ints",
                "longs",
                "floats",
                "doubles",
                "record",
                "longs in place",
                "record in place"
            })
    void shouldReadEveryValueWhenBothEndsUseTheSameCodec(String kind) throws Exception {
        Trial trial = run(exchange(kind, kind));
        List<Long> counts = new ArrayList<>();
        try (Subscription count = trial.running().subscribe("decoder/count", SubscribeOptions.backpressure(2))) {
            ask(trial, COUNT);
            Trial.await("the decoder ends", () -> {
                count.poll(message -> counts.add(Codecs.LONG.readLong(message)));
                return count.isClosed();
            });
        }
        DataflowResult result = trial.result();
        assertThat(result.failures()).isEmpty();
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(counts).containsExactly((long) COUNT);
    }

    @Test
    void shouldFailTheReaderNamingBothWhenTheCodecsDiffer() throws Exception {
        Trial trial = run(exchange("longs", "record"));
        ask(trial, 1);
        DataflowResult result = trial.result();
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).hasSize(1);
        assertThat(result.failures().get(0).toString())
                .contains("decoder", "was written as an array of longs (codec 277)", "is read as Order(long id, ");
    }
}
