package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes of a file exchange what codecs of optional libraries write. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OptionalCodecsTest {

    /** The sink ends when the application lets it, which by then listens. */
    @ParameterizedTest
    @CsvSource({"json.JsonNodes, 200, read 200", "arrow.ArrowNodes, 200, sum 1333300"})
    void shouldReadWhatWasWrittenWhenNodesOfAFileExchangeIt(String nodes, int count, String expected) throws Exception {
        Dataflow dataflow = Dataflow.parse("""
                queue_policy: backpressure
                nodes:
                  - {id: source, class: io.millrace.local.NODES$Source, config: {count: COUNT}, outputs: [out]}
                  - {id: sink, class: io.millrace.local.NODES$Sink, inputs: {in: source/out, end: millrace/app/end}, outputs: [report]}
                """.replace("NODES", nodes).replace("COUNT", Integer.toString(count)));
        List<String> reports = new ArrayList<>();

        try (RunningDataflow running =
                        dataflow.start(StartOptions.builder().keepAlive(false).build());
                Subscription report = running.subscribe("sink/report", SubscribeOptions.backpressure(2))) {
            running.publisher("end").close();
            while (!report.isClosed()) {
                report.poll(message -> reports.add(message.text()), Duration.ofSeconds(1));
            }
            DataflowResult result = running.await(Duration.ofMinutes(1));
            assertThat(result.failures()).isEmpty();
        }

        assertThat(reports).containsExactly(expected);
    }
}
