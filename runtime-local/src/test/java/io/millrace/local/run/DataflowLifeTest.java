package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataflowLifeTest {
    private final List<DataflowEvent> told = new ArrayList<>();
    private final Listeners listeners = new Listeners("flow");
    private final DataflowLife life = new DataflowLife("flow", listeners);
    private final IllegalStateException failure = new IllegalStateException("broken");

    @Test
    void shouldTellListenersOfEachStateAndGoOnWhenOneThrows() {
        listeners.add(event -> {
            throw new AssertionError("a listener's own trouble");
        });
        listeners.add(told::add);

        life.become(DataflowState.RUNNING);
        life.become(DataflowState.STOPPING);

        assertThat(told)
                .containsExactly(
                        new DataflowEvent.StateChanged(DataflowState.RUNNING),
                        new DataflowEvent.StateChanged(DataflowState.STOPPING));
    }

    @Test
    void shouldEndAsFinishedUnlessItWasStopped() {
        life.become(DataflowState.RUNNING);
        assertThat(life.end()).isEqualTo(DataflowState.FINISHED);

        life.become(DataflowState.STOPPING);
        assertThat(life.end()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldEndAsFailedWhenANodeHasFailedAlsoWhileItStops() {
        life.become(DataflowState.RUNNING);
        life.addFailure("only", failure);
        life.become(DataflowState.STOPPING);

        assertThat(life.end()).isEqualTo(DataflowState.FAILED);
        assertThat(life.failures()).containsExactly(new DataflowResult.Failure("only", failure));
    }

    @Test
    void shouldAddToTheFailureOfTheStartWhatFailsAfterIt() {
        life.failStart(": node 'only' failed in open", null);
        life.addFailure("only", failure);

        assertThat(life.mayStart()).isFalse();
        assertThat(life.isStarting()).isTrue();
        assertThat(life.startFailure())
                .hasMessage("dataflow 'flow' did not start: node 'only' failed in open")
                .hasSuppressedException(failure);
        assertThat(life.failures()).isEmpty();
    }
}
