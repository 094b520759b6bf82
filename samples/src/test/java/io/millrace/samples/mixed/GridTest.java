package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.InvalidConfigException;
import io.millrace.samples.marine.ApparentWind;
import io.millrace.samples.marine.Depth;
import io.millrace.testkit.HarnessBuilder;
import io.millrace.testkit.NodeHarness;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GridTest {
    private final List<Block> blocks = new ArrayList<>();
    private final Grid grid = new Grid(2000, 4, 2, 10_000, blocks::add);

    @Test
    void shouldInterpolateAndOverlapWhenSamplesComeWhenTheyLike() {
        grid.add(-1, 99); // from before the log's first time
        for (long second = 1; second <= 25; second += 3) {
            grid.add(second * 1000, second * 10.0);
            grid.add(second * 1000, 99); // a second instrument in the same second
        }

        assertThat(blocks).extracting(Block::startMs).containsExactly(2000L, 6000L, 10_000L, 14_000L, 18_000L);
        assertThat(blocks).extracting(Block::number).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(blocks.get(0).samples()).containsExactly(20, 40, 60, 80);
        assertThat(blocks.get(1).samples()).containsExactly(60, 80, 100, 120);
    }

    @Test
    void shouldBeginAnewWhenAGapIsTooLong() {
        for (long second : new long[] {0, 4, 6, 17, 22, 30}) {
            grid.add(second * 1000, (double) second);
        }

        assertThat(blocks).extracting(Block::startMs).containsExactly(18_000L, 22_000L);
        assertThat(blocks.get(0).samples()).containsExactly(18, 20, 22, 24);
    }

    @Test
    void shouldSendEachSignalWithWhatBelongsToItWhenANodeResamples() {
        NodeHarness resampler = harness().config("block", 8).open();

        for (long second = 0; second <= 20; second++) {
            long timeMs = second * 1000;
            double value = (double) second;
            resampler.feed("depth", out -> Depth.write(out, timeMs, value));
            resampler.feed("wind", out -> ApparentWind.write(out, timeMs, 45, 2 * value));
        }

        List<Block> depth = resampler.sent("depth", Block::read);
        assertThat(depth).hasSize(1);
        assertThat(depth.get(0).intervalSeconds()).isEqualTo(2.0);
        assertThat(depth.get(0).samples()).containsExactly(0, 2, 4, 6, 8, 10, 12, 14);
        assertThat(resampler.sent("wind", Block::read).get(0).samples()).containsExactly(0, 4, 8, 12, 16, 20, 24, 28);
    }

    @Test
    void shouldRefuseWhenABlockIsOdd() {
        assertThatThrownBy(() -> harness().config("block", 255).open())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("node 'node': config 'block' must be an even number, 8 to 65536, found 255");
    }

    private static HarnessBuilder harness() {
        return NodeHarness.of(new Resampler())
                .input("depth")
                .input("wind")
                .output("depth")
                .output("wind");
    }
}
