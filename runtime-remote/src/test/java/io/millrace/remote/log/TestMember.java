package io.millrace.remote.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A member of a log with the machine behind it, and what its listener has heard. */
public final class TestMember implements LogListener {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Words machine;
    private final MetadataLog log;
    private final List<Leadership> heard = new ArrayList<>();
    private final CompletableFuture<String> stopped = new CompletableFuture<>();

    /** Opens it. */
    public TestMember(MetadataLogs logs, Words machine) {
        this.machine = machine;
        this.log = logs.open(machine, this);
    }

    @Override
    public synchronized void onLeadership(Leadership leadership) {
        heard.add(leadership);
    }

    @Override
    public void onStopped(String reason) {
        stopped.complete(reason);
    }

    /** The log. */
    public MetadataLog log() {
        return log;
    }

    /** The machine. */
    public Words machine() {
        return machine;
    }

    /** What the listener has heard so far. */
    public synchronized List<Leadership> heard() {
        return List.copyOf(heard);
    }

    /** Why it stopped by itself: waits until it does. */
    public String whyStopped() throws Exception {
        return stopped.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether it leads. */
    public boolean leads() {
        return log.leadership().own();
    }

    /** Appends a word, and waits for the outcome. */
    public AppendResult append(String word) throws Exception {
        return get(log.append(word.getBytes(UTF_8)).toCompletableFuture());
    }

    /** Appends a word under an id, and waits for the outcome. */
    public AppendResult append(AppendId id, String word) throws Exception {
        return get(log.append(id, word.getBytes(UTF_8)).toCompletableFuture());
    }

    /** Waits until the machine has these words. */
    public void awaitWords(List<String> words) {
        soon().untilAsserted(() -> assertThat(machine.words()).isEqualTo(words));
    }

    /** Waits until it leads. */
    public TestMember awaitLeading() {
        soon().until(this::leads);
        return this;
    }

    /** Waits for what may be so already. */
    static ConditionFactory soon() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(DEADLINE);
    }

    private static AppendResult get(CompletableFuture<AppendResult> result) throws Exception {
        return result.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }
}
