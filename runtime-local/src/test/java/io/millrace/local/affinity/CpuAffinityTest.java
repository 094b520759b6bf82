package io.millrace.local.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CpuAffinityTest {

    /** The core that a thread may run on after it has pinned itself, as the system says. */
    private static <T> T onThread(java.util.concurrent.Callable<T> action) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable t) { // the test's to see
                result.completeExceptionally(t);
            }
        });
        thread.start();
        return result.get(30, TimeUnit.SECONDS);
    }

    private static String allowed() throws Exception {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldPinTheCallingThreadAndNoOther() throws Exception {
        String before = allowed();
        int core = Integer.parseInt(before.split("[-,]", -1)[0]);

        String pinned = onThread(() -> {
            assertThat(CpuAffinity.pin(List.of(core))).isEmpty();
            return allowed();
        });

        assertThat(CpuAffinity.obstacle()).isEmpty();
        assertThat(pinned).isEqualTo(Integer.toString(core));
        assertThat(allowed()).isEqualTo(before);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldSayWhyWhenTheSystemRefuses() throws Exception {
        assertThat(onThread(() -> CpuAffinity.pin(List.of(4095))).orElseThrow()).startsWith("the system refuses");
    }

    @Test
    void shouldSetOneBitForEachCore() {
        byte[] mask = LinuxAffinity.mask(List.of(0, 9, 64, 127));

        assertThat(mask).hasSize(16);
        assertThat(BitSet.valueOf(mask).stream().boxed()).containsExactly(0, 9, 64, 127);
    }
}
