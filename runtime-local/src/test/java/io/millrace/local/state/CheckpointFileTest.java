package io.millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.local.state.CheckpointFile.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFileTest {
    private static final byte[] STATE = "state".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536})
    void shouldReadWhatItWrote(int length) throws UnreadableException {
        byte[] state = new byte[length];
        Arrays.fill(state, (byte) 7);

        assertThat(CheckpointFile.decode(CheckpointFile.encode("flow", "node/op", state), "flow", "node/op"))
                .isEqualTo(state);
    }

    @Test
    void shouldRefuseItWhereverItIsCutOff() {
        byte[] file = CheckpointFile.encode("flow", "node", STATE);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatExceptionOfType(UnreadableException.class)
                    .as("%s bytes", length)
                    .isThrownBy(() -> CheckpointFile.decode(cut, "flow", "node"));
        }
    }

    @Test
    void shouldRefuseItWhicheverBitIsWrong() {
        byte[] file = CheckpointFile.encode("flow", "node", STATE);
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(UnreadableException.class)
                    .as("bit %s", bit)
                    .isThrownBy(() -> CheckpointFile.decode(damaged, "flow", "node"));
        }
    }

    @Test
    void shouldSayWhoseItIsWhenItIsAnothers() {
        byte[] file = CheckpointFile.encode("harbour", "radar/track", STATE);

        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> CheckpointFile.decode(file, "harbour", "radar"))
                .withMessage("it belongs to 'harbour', node 'radar/track'");
    }
}
