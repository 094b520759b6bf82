package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.state.Simulation.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster of some hundred executors; {@link Simulation#main} has ten thousand. */
class SimulationTest {

    @Test
    void shouldKeepEveryInvariantWhenExecutorsFailAllTheTime() {
        show(new Simulation(new Size(500, 50, 100, 10, 0.01, 42)).run());
    }

    private static void show(List<String> lines) {
        assertThat(lines).isNotEmpty();
        lines.forEach(System.out::println);
    }
}
