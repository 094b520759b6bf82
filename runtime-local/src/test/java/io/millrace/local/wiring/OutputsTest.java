package io.millrace.local.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Test;

class OutputsTest {
    private static final Graph GRAPH = Dataflow.parse("""
            name: flow
            nodes:
              - {id: relay, path: relay.py, inputs: {in: millrace/app/in, more: millrace/app/more}, outputs: [out]}
            """).graph();

    private final Outputs outputs = new Outputs(GRAPH, StartOptions.builder().build(), output -> {});

    @Test
    void shouldMakeOnePublisherForAllReadersOfAName() {
        AppPublisher first = outputs.addPublisher("in");
        AppPublisher second = outputs.addPublisher("in");

        assertThat(second).isSameAs(first);
        assertThat(outputs.publishers()).containsOnlyKeys("in");
    }

    @Test
    void shouldFindWhatAPublisherSendsByItsFullNameOnly() {
        AppPublisher publisher = outputs.addPublisher("in");

        assertThat(outputs.findTapped("millrace/app/in")).hasValue(publisher);
        assertThat(outputs.findTapped("in")).isEmpty();
        assertThat(outputs.find("millrace/app/in")).isEmpty();
    }

    @Test
    void shouldCountThosePublishersAsOpenThatAreNotClosed() {
        outputs.addPublisher("in").close();
        outputs.addPublisher("more");
        assertThat(outputs.openPublishers()).containsExactly("more");

        outputs.closePublishers();
        assertThat(outputs.openPublishers()).isEmpty();
    }
}
