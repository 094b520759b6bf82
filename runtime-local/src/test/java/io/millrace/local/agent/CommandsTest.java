package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.waiting.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final Commands commands = new Commands();
    private final List<String> done = new ArrayList<>();

    private void runOne() throws Exception {
        Objects.requireNonNull(commands.poll()).run();
    }

    @Test
    void shouldGiveCommandsBackInOrder() throws Exception {
        assertThat(commands.isAnyWaiting()).isFalse();
        commands.add(() -> done.add("first"));
        commands.add(() -> done.add("second"));

        assertThat(commands.isAnyWaiting()).isTrue();
        runOne();
        assertThat(commands.isAnyWaiting()).isTrue();
        runOne();

        assertThat(done).containsExactly("first", "second");
        assertThat(commands.isAnyWaiting()).isFalse();
        assertThat(commands.poll()).isNull();
    }

    @Test
    void shouldTakeNothingMoreOnceItIsClosed() throws Exception {
        assertThat(commands.add(() -> done.add("before"))).isTrue();

        commands.close();

        assertThat(commands.add(() -> done.add("after"))).isFalse();
        runOne();
        assertThat(commands.poll()).isNull();
        assertThat(done).containsExactly("before");
    }

    @Test
    void shouldLoseNoCommandThatWasTaken() throws Exception {
        Threads threads = new Threads();
        int each = 20_000;
        List<Threads.Task<Integer>> posters = new ArrayList<>();
        int[] run = new int[1];
        for (int i = 0; i < 3; i++) {
            posters.add(threads.run(() -> {
                int taken = 0;
                for (int k = 0; k < each; k++) {
                    taken += commands.add(() -> run[0]++) ? 1 : 0;
                }
                return taken;
            }));
        }
        while (run[0] < each) {
            if (commands.isAnyWaiting()) {
                runOne();
            }
        }
        commands.close();
        for (Commands.Command next = commands.poll(); next != null; next = commands.poll()) {
            next.run();
        }

        int taken = 0;
        for (Threads.Task<Integer> poster : posters) {
            taken += poster.get();
        }
        assertThat(run[0]).isEqualTo(taken);
    }
}
