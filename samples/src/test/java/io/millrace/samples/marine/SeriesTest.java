package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void shouldKeepEveryRowWhenThereIsRoom() {
        Series series = new Series(2, 4, 1, Series.Keep.LOWEST);
        series.add(1, 10);
        series.add(2, 20);
        series.add(3, 30);

        assertThat(column(series, 0)).containsExactly(1, 2, 3);
        assertThat(column(series, 1)).containsExactly(10, 20, 30);
    }

    @Test
    void shouldKeepTheExtremesWhenItIsFull() {
        Series lowest = new Series(2, 4, 1, Series.Keep.LOWEST);
        Series highest = new Series(2, 4, 1, Series.Keep.HIGHEST);
        double[] values = {5, 4, 7, 8, 1, 9, 6, 2};
        for (int i = 0; i < values.length; i++) {
            lowest.add(i, values[i]);
            highest.add(i, values[i]);
        }

        // Twice halved: four values became one.
        assertThat(column(lowest, 1)).containsExactly(4, 1);
        assertThat(column(lowest, 0)).containsExactly(1, 4);
        assertThat(column(highest, 1)).containsExactly(8, 9);
        assertThat(column(highest, 0)).containsExactly(3, 5);
    }

    @Test
    void shouldStayBoundedWhenTheLogIsLong() {
        Series series = new Series(2, 64, 1, Series.Keep.LOWEST);
        for (int i = 0; i < 1_000_000; i++) {
            series.add(i, i == 777_777 ? -1 : i % 1000);
        }

        assertThat(series.size()).isBetween(32, 63);
        assertThat(column(series, 1)).contains(-1);
        assertThat(column(series, 0)).isSorted().contains(777_777);
    }

    private static double[] column(Series series, int column) {
        return IntStream.range(0, series.size())
                .mapToDouble(row -> series.at(row, column))
                .toArray();
    }
}
