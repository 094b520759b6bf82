package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayeringTest {
    private static List<Box> boxes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Box(100, 50, 0, 0, Box.Pin.FREE))
                .toList();
    }

    private static List<Wire> wires(int[]... ends) {
        return Arrays.stream(ends)
                .map(pair -> new Wire(pair[0], 10, pair[1], 10))
                .toList();
    }

    private static int[] columns(Layering layering, int boxes) {
        return IntStream.range(0, boxes).map(layering::column).toArray();
    }

    @Test
    void shouldFollowTheLongestPathWhenThereAreSeveral() {
        Layering layering =
                Layering.of(boxes(4), wires(new int[] {0, 1}, new int[] {1, 2}, new int[] {2, 3}, new int[] {0, 3}));

        assertThat(columns(layering, 4)).containsExactly(0, 1, 2, 3);
        assertThat(layering.columnCount()).isEqualTo(4);
    }

    @Test
    void shouldLeadOneWireBackWhenThereIsACycle() {
        Layering layering = Layering.of(boxes(3), wires(new int[] {0, 1}, new int[] {1, 2}, new int[] {2, 0}));

        assertThat(columns(layering, 3)).containsExactly(0, 1, 2);
        assertThat(IntStream.range(0, 3).filter(layering::isBackward)).containsExactly(2);
    }

    @Test
    void shouldLeadBackWhenABoxFeedsItself() {
        Layering layering = Layering.of(boxes(1), wires(new int[] {0, 0}));

        assertThat(layering.isBackward(0)).isTrue();
        assertThat(layering.columnCount()).isEqualTo(1);
    }

    @Test
    void shouldStandBesideItsConsumerWhenASourceIsNeededLate() {
        Layering layering = Layering.of(boxes(4), wires(new int[] {0, 1}, new int[] {1, 2}, new int[] {3, 2}));

        assertThat(layering.column(3)).isEqualTo(1);
    }

    @Test
    void shouldFillASquareWhenNothingIsConnected() {
        Layering layering = Layering.of(boxes(9), List.of());

        assertThat(columns(layering, 9)).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    }

    @Test
    void shouldStandAloneAtTheBordersWhenPinned() {
        List<Box> boxes = List.of(
                new Box(0, 18, 0, 0, Box.Pin.FIRST),
                new Box(100, 50, 0, 0, Box.Pin.FREE),
                new Box(100, 50, 0, 0, Box.Pin.FREE),
                new Box(0, 18, 0, 0, Box.Pin.LAST));

        Layering layering = Layering.of(boxes, wires(new int[] {0, 1}, new int[] {1, 3}));

        assertThat(columns(layering, 4)).containsExactly(0, 1, 1, 2);
    }

    @Test
    void shouldNeedNoStackWhenAChainIsVeryLong() {
        int length = 50_000;
        List<Wire> wires = IntStream.range(1, length)
                .mapToObj(i -> new Wire(i - 1, 10, i, 10))
                .toList();

        assertThat(Layering.of(boxes(length), wires).columnCount()).isEqualTo(length);
    }

    @Test
    void shouldHaveNoColumnsWhenThereAreNoBoxes() {
        assertThat(Layering.of(List.of(), List.of()).columnCount()).isZero();
    }
}
