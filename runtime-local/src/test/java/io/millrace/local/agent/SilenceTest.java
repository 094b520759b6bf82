package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private final Rig rig = new Rig();
    private final List<String> told = new ArrayList<>();

    /** Takes its time with each message. */
    private final class Slow implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            rig.clock.advance(Duration.ofMillis(300));
        }

        @Override
        public void onInputClosed(Input input) {
            told.add("closed after " + rig.clock.elapsed().toMillis());
        }
    }

    @Test
    void shouldCountASilenceFromTheMessageThatWasTakenLastWhenManyWaited() {
        Tube tube = Tube.lossless(10);
        OutputPort source = new OutputPort("out", "source/out", Owner.waiting());
        source.connect(tube.writer());
        for (int i = 0; i < 10; i++) {
            source.send("m" + i);
        }
        rig.input("slow", "in", tube, Duration.ofSeconds(2));
        rig.operator("slow", new Slow()).step();

        rig.agent.work();
        rig.agent.work();
        assertThat(told).as("the last was taken after 2700 ms").isEmpty();
        rig.clock.advance(Duration.ofMillis(1_699));
        rig.agent.work();
        assertThat(told).isEmpty();
        rig.clock.advance(Duration.ofMillis(1));
        rig.agent.work();

        assertThat(told).containsExactly("closed after 4700");
    }
}
