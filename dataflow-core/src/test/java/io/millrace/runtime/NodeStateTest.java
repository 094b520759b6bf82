package io.millrace.runtime;

import static io.millrace.runtime.NodeState.ABANDONED;
import static io.millrace.runtime.NodeState.FAILED;
import static io.millrace.runtime.NodeState.FINISHED;
import static io.millrace.runtime.NodeState.OPENING;
import static io.millrace.runtime.NodeState.READY;
import static io.millrace.runtime.NodeState.RESTARTING;
import static io.millrace.runtime.NodeState.RUNNING;
import static io.millrace.runtime.NodeState.STOPPED;
import static io.millrace.runtime.NodeState.STOPPING;
import static io.millrace.runtime.NodeState.STUCK;
import static io.millrace.runtime.NodeState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of a node's life, said a second time, move by move. */
class NodeStateTest {
    private static final Map<NodeState, List<NodeState>> LEGAL = Map.ofEntries(
            Map.entry(WAITING, List.of(OPENING, STOPPED, FAILED, ABANDONED)),
            Map.entry(OPENING, List.of(READY, RESTARTING, STOPPED, FAILED, ABANDONED)),
            Map.entry(READY, List.of(RUNNING, STOPPING, STOPPED, FAILED, ABANDONED)),
            Map.entry(RUNNING, List.of(STUCK, RESTARTING, STOPPING, FINISHED, FAILED, ABANDONED)),
            Map.entry(STUCK, List.of(RUNNING, RESTARTING, STOPPING, FINISHED, FAILED, ABANDONED)),
            Map.entry(RESTARTING, List.of(OPENING, STOPPED, FAILED)),
            Map.entry(STOPPING, List.of(STOPPED, FAILED, ABANDONED)),
            Map.entry(FINISHED, List.of()),
            Map.entry(STOPPED, List.of()),
            Map.entry(FAILED, List.of()),
            Map.entry(ABANDONED, List.of()));

    static Stream<Arguments> everyMove() {
        return Arrays.stream(NodeState.values())
                .flatMap(from -> Arrays.stream(NodeState.values())
                        .map(to -> Arguments.of(from, to, LEGAL.get(from).contains(to))));
    }

    @ParameterizedTest
    @MethodSource("everyMove")
    void shouldAllowTheMoveOnlyWhenItIsLegal(NodeState from, NodeState to, boolean isLegal) {
        assertThat(from.mayBecome(to)).isEqualTo(isLegal);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveNoWayOutExactlyWhenItIsFinal(NodeState state) {
        boolean hasWayOut = Arrays.stream(NodeState.values()).anyMatch(state::mayBecome);

        assertThat(hasWayOut).isEqualTo(!state.isFinal());
    }

    @Test
    void shouldReachEveryStateFromTheFirst() {
        for (NodeState state : NodeState.values()) {
            assertThat(Arrays.stream(NodeState.values()).anyMatch(from -> from.mayBecome(state)))
                    .as("%s is reached", state)
                    .isEqualTo(state != WAITING);
        }
    }
}
